#!/bin/sh
# Checks a journal with nothing but openssl and coreutils:
#   sh verify.sh              every signature, every number, every link of the chain
#   sh verify.sh SEQ HASH     and that entry SEQ has the hash HASH, as a receipt or the hub's countersignature says
# Files beside this script: entries.jws (one entry a line, oldest first) and key.pem (the terminal's public key).
# Prints "ok N entries, head HASH" and exits 0, else says which line is wrong and exits 1.
set -u
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")" || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

count=0
fail() {
    echo "line $count: $1" >&2
    exit 1
}
# Base64 text in the standard alphabet without padding, decoded to standard output.
decode() {
    case $((${#1} % 4)) in
        0) printf '%s' "$1" ;;
        2) printf '%s==' "$1" ;;
        3) printf '%s=' "$1" ;;
        *) return 1 ;;
    esac | base64 -d 2>/dev/null
}

openssl pkey -pubin -in key.pem -outform DER >"$work/key.der" 2>/dev/null || fail "key.pem is not a public key"
kid=$(sha256sum <"$work/key.der" | cut -c1-16)
header=$(printf '{"alg":"RS256","kid":"%s"}' "$kid" | base64 -w0 | tr '+/' '-_' | tr -d '=')
tr -- '-_' '+/' <entries.jws >"$work/standard" || fail "entries.jws cannot be read"

terminal=
head=0000000000000000000000000000000000000000000000000000000000000000
acknowledged=${1:-}
exec 3<"$work/standard"
while IFS= read -r line || { [ -n "$line" ] && fail_cut=yes; }; do
    count=$((count + 1))
    IFS= read -r standard <&3
    [ -z "${fail_cut:-}" ] || fail "the line is cut off"
    case $line in
        *.*.*.* | *[!A-Za-z0-9._-]*) fail "not an entry" ;;
        *.*.*) ;;
        *) fail "not an entry" ;;
    esac
    [ "${line%%.*}" = "$header" ] || fail "not signed with the key in key.pem"

    printf '%s' "${line%.*}" >"$work/signed"
    decode "${standard##*.}" >"$work/signature" || fail "the signature cannot be read"
    openssl dgst -sha256 -verify key.pem -signature "$work/signature" "$work/signed" >/dev/null 2>&1 ||
        fail "the signature is wrong: the entry was changed"

    payload=${standard#*.}
    text=$(decode "${payload%.*}") || fail "the content cannot be read"
    if [ -z "$terminal" ]; then
        terminal=${text#'{"v":1,"terminal":"'}
        terminal=${terminal%%'"'*}
    fi
    case $text in
        "{\"v\":1,\"terminal\":\"$terminal\",\"seq\":$count,\"prev\":\"$head\","*) ;;
        "{\"v\":1,\"terminal\":\"$terminal\",\"seq\":$count,"*) fail "the hash of the entry before is another: the chain is broken" ;;
        "{\"v\":1,\"terminal\":\"$terminal\",\"seq\":"*)
            seq=${text#*'"seq":'}
            fail "entry ${seq%%,*} stands where $count should: entries are missing, doubled or out of order"
            ;;
        *) fail "an entry of another terminal" ;;
    esac
    head=$(printf '%s' "$line" | sha256sum)
    head=${head%% *}
    if [ "$count" = "$acknowledged" ]; then
        [ "$head" = "${2:-}" ] || fail "the hash is not ${2:-given}: the journal was rewritten after that receipt"
    fi
done <entries.jws
if [ -n "$acknowledged" ] && [ "$acknowledged" -gt "$count" ]; then
    fail "the journal ends here, but entry $acknowledged was acknowledged: its tail was cut off"
fi
echo "ok $count entries, head $head"
