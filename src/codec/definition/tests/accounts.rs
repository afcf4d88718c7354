//! What methods say of accounts, and how one is told.

use super::super::{AccountName, decode_account, decode_balance, encode_account};
use jiff::tz::TimeZone;

const NOW_NS: i64 = 1_700_000_000_000_000_000;

/// What `GetAccount` tells after a `SetBalance`.
fn told(argument: &str) -> Result<String, String> {
    let edit = decode_balance(Some(argument), &TimeZone::UTC, NOW_NS)?;
    let mut out = Vec::new();
    encode_account(&edit.apply(None), &mut out);
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn a_balance_is_told_as_it_was_set() {
    for (argument, want) in [
        (
            r#"{"Tenant":"t","Account":"1001","BalanceType":"*voice","Value":-4e10,"Balance":{"ID":"B",
                "Weight":"20","DestinationIDs":"DE;!FR","Categories":["call"],"RatingSubject":"*zero1m",
                "ExpiryTime":"2030-01-01T00:00:00+01:00","Disabled":"true","Uuid":"x"}}"#,
            r#"{"ID":"t:1001","BalanceMap":{"*voice":[{"Uuid":"","ID":"B","Value":40000000000,"ExpirationDate":"2030-01-01T00:00:00+01:00","Weight":20,"DestinationIDs":{"DE":true,"FR":false},"RatingSubject":"*zero1m","Categories":{"call":true},"SharedGroups":null,"Timings":null,"TimingIDs":null,"Disabled":true,"Factors":null,"Blocker":false}]},"UnitCounters":null,"ActionTriggers":null,"AllowNegative":false,"Disabled":false,"UpdateTime":"0001-01-01T00:00:00Z"}"#,
        ),
        (
            r#"{"Account":"1001","BalanceType":"*monetary","Value":0,"Balance":{"ID":"B","Value":"0.5",
                "DestinationIDs":{"*any":true},"ExpiryTime":"*unlimited","Weight":null}}"#,
            r#"{"ID":"cgrates.org:1001","BalanceMap":{"*monetary":[{"Uuid":"","ID":"B","Value":0.5,"ExpirationDate":"0001-01-01T00:00:00Z","Weight":0,"DestinationIDs":null,"RatingSubject":"","Categories":null,"SharedGroups":null,"Timings":null,"TimingIDs":null,"Disabled":false,"Factors":null,"Blocker":false}]},"UnitCounters":null,"ActionTriggers":null,"AllowNegative":false,"Disabled":false,"UpdateTime":"0001-01-01T00:00:00Z"}"#,
        ),
    ] {
        assert_eq!(told(argument).as_deref(), Ok(want), "{argument}");
    }
}

#[test]
fn a_wrong_balance_is_refused() {
    for (argument, want) in [
        ("{}", "MANDATORY_IE_MISSING: [Account BalanceType]"),
        (r#"{"Account":"1"}"#, "MANDATORY_IE_MISSING: [BalanceType]"),
        (
            r#"{"Account":"1","BalanceType":"*voice","Balance":null}"#,
            "MANDATORY_IE_MISSING: [BalanceID or BalanceUUID]",
        ),
        (r#"{"Value":"1"}"#, "json: Value must be a number, not a string"),
        (r#"{"Balance":{"Weight":"x"}}"#, "json: Balance.Weight must be a number, not a string"),
        (
            r#"{"Balance":{"DestinationIDs":1}}"#,
            "json: Balance.DestinationIDs must be ids, not a number",
        ),
        (r#"{"Balance":{"ExpiryTime":"soon"}}"#, "Unsupported time format"),
    ] {
        assert_eq!(told(argument).unwrap_err(), want, "{argument}");
    }
}

#[test]
fn an_account_is_changed_where_it_is_said() {
    for (argument, want) in [
        (
            r#"{"Tenant":"t","Account":"1","ExtraOptions":{"AllowNegative":true}}"#,
            (Some(true), None),
        ),
        (
            r#"{"Account":"1","ExtraOptions":{"Disabled":false},"ActionPlanID":"AP"}"#,
            (None, Some(false)),
        ),
        (r#"{"Account":"1","ExtraOptions":null}"#, (None, None)),
    ] {
        let edit = decode_account(Some(argument)).unwrap();
        assert_eq!((edit.allows_negative, edit.is_disabled), want, "{argument}");
        assert_eq!(edit.balance, None, "{argument}");
    }
    assert_eq!(decode_account(None).unwrap_err(), "MANDATORY_IE_MISSING: [Account]");
    let name = AccountName::decode(Some(r#"{"account":"1001"}"#)).unwrap();
    assert_eq!((name.tenant.as_str(), name.id.as_str()), ("cgrates.org", "1001"));
}
