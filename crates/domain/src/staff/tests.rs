use super::*;

fn all() -> impl Iterator<Item = Permission> {
    let discounts = [10, 50, 100].map(|percent| Permission::Discount(Decimal::new(percent, 2)));
    Permission::ALL.iter().copied().chain(discounts)
}

#[test]
fn each_role_may_do_all_that_the_one_before_may() {
    for permission in all() {
        let needs = Role::needed_for(permission);
        for role in Role::ALL {
            let expected = if role >= needs { Ok(()) } else { Err(Refused { permission, needs }) };
            assert_eq!(role.allow(permission), expected);
        }
        assert_eq!(Role::Owner.allow(permission), Ok(()));
    }
}

#[test]
fn a_permission_is_read_back_from_its_name() {
    for permission in all() {
        assert_eq!(permission.to_string().parse(), Ok(permission));
    }
    assert_eq!(Permission::Discount(Decimal::new(25, 2)).to_string(), "discount 0.25");
    for nonsense in ["", "fly", "discount", "discount x"] {
        assert!(nonsense.parse::<Permission>().is_err(), "{nonsense}");
    }
}

#[test]
fn a_permission_covers_itself_and_a_discount_those_below_it() {
    let quarter = Permission::Discount(Decimal::new(25, 2));
    assert!(quarter.covers(Permission::Discount(Decimal::new(20, 2))));
    assert!(!quarter.covers(Permission::Discount(Decimal::new(26, 2))));
    assert!(Permission::Refund.covers(Permission::Refund) && !Permission::Refund.covers(Permission::OverridePrice));
    assert!(!quarter.covers(Permission::OverridePrice));
}

#[test]
fn larger_discounts_need_a_higher_role() {
    let needed = |hundredths| Role::needed_for(Permission::Discount(Decimal::new(hundredths, 4)));
    assert_eq!(
        [needed(0), needed(1_000), needed(1_001), needed(5_000), needed(5_001)],
        [Role::Cashier, Role::Cashier, Role::Supervisor, Role::Supervisor, Role::Manager,]
    );
}
