use super::*;

#[test]
fn each_role_may_do_all_that_the_one_before_may() {
    let permissions = [
        Permission::Sell,
        Permission::Discount(Decimal::new(10, 2)),
        Permission::Discount(Decimal::new(50, 2)),
        Permission::Discount(Decimal::ONE),
        Permission::OverridePrice,
        Permission::Refund,
        Permission::ChangeSettings,
    ];
    let roles = [Role::Cashier, Role::Supervisor, Role::Manager, Role::Owner];
    for permission in permissions {
        let needed = Role::needed_for(permission);
        for role in roles {
            let expected = if role >= needed { Ok(()) } else { Err(Refused { needs: needed }) };
            assert_eq!(role.allow(permission), expected);
        }
        assert_eq!(Role::Owner.allow(permission), Ok(()));
    }
}

#[test]
fn larger_discounts_need_a_higher_role() {
    let needed = |hundredths| Role::needed_for(Permission::Discount(Decimal::new(hundredths, 4)));
    assert_eq!(
        [needed(0), needed(1_000), needed(1_001), needed(5_000), needed(5_001)],
        [Role::Cashier, Role::Cashier, Role::Supervisor, Role::Supervisor, Role::Manager,]
    );
}
