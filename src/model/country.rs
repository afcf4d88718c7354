//! Country calling codes (ITU-T E.164, list of assigned codes), for exact targets.

use super::digits::Digits;

/// How many digits the number's country calling code has; `None`: it begins with none that is
/// assigned.
#[must_use]
pub fn calling_code_len(number: &Digits) -> Option<usize> {
    let ascii = number.ascii();
    let code = |len: usize| {
        let digits = ascii.get(..len)?;
        Some(digits.iter().fold(0_u16, |code, digit| code * 10 + u16::from(digit - b'0')))
    };
    if matches!(code(1)?, 1 | 7) {
        return Some(1);
    }
    if is_two_digit_code(code(2)?) {
        return Some(2);
    }
    is_three_digit_code(code(3)?).then_some(3)
}

fn is_two_digit_code(code: u16) -> bool {
    matches!(
        code,
        20 | 27
            | 30..=34
            | 36
            | 39..=41
            | 43..=49
            | 51..=58
            | 60..=66
            | 81
            | 82
            | 84
            | 86
            | 90..=95
            | 98
    )
}

fn is_three_digit_code(code: u16) -> bool {
    matches!(
        code,
        211..=213
            | 216
            | 218
            | 220..=258
            | 260..=269
            | 290
            | 291
            | 297..=299
            | 350..=359
            | 370..=383
            | 385..=387
            | 389
            | 420
            | 421
            | 423
            | 500..=509
            | 590..=599
            | 670
            | 672..=683
            | 685..=692
            | 800
            | 808
            | 850
            | 852
            | 853
            | 855
            | 856
            | 870
            | 878
            | 880..=883
            | 886
            | 888
            | 960..=968
            | 970..=977
            | 979
            | 992..=996
            | 998
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_begins_with_one_calling_code() {
        for (number, want) in [
            ("15551234", Some(1)),
            ("77011234567", Some(1)),
            ("4930123456", Some(2)),
            ("821012345678", Some(2)),
            ("420123456789", Some(3)),
            ("351211234567", Some(3)),
            ("97150123456", Some(3)),
            ("210123456", None),
            ("999123456", None),
            ("4", None),
            ("42", None),
        ] {
            assert_eq!(calling_code_len(&Digits::parse(number).unwrap()), want, "{number}");
        }
    }
}
