//! What a rate says: the keys of a `[[rating_plan.rate]]`, and the columns of a deck.

/// A key or a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Prefix,
    Rate,
    ConnectFee,
    Unit,
    Increment,
    Rounding,
    Decimals,
    Effective,
    End,
    Slot,
    Timing,
    Weight,
    MaxCost,
    MaxCostStrategy,
}

impl Column {
    /// All of them, in the order of their declaration.
    pub(super) const ALL: [Self; 14] = [
        Self::Prefix,
        Self::Rate,
        Self::ConnectFee,
        Self::Unit,
        Self::Increment,
        Self::Rounding,
        Self::Decimals,
        Self::Effective,
        Self::End,
        Self::Slot,
        Self::Timing,
        Self::Weight,
        Self::MaxCost,
        Self::MaxCostStrategy,
    ];

    /// Its key.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Prefix => "prefix",
            Self::Rate => "rate",
            Self::ConnectFee => "connect_fee",
            Self::Unit => "unit",
            Self::Increment => "increment",
            Self::Rounding => "rounding",
            Self::Decimals => "decimals",
            Self::Effective => "effective",
            Self::End => "end",
            Self::Slot => "slot",
            Self::Timing => "timing",
            Self::Weight => "weight",
            Self::MaxCost => "max_cost",
            Self::MaxCostStrategy => "max_cost_strategy",
        }
    }

    /// Whether a rate without it is an error.
    pub(super) fn is_required(self) -> bool {
        matches!(self, Self::Prefix | Self::Rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_at_its_place() {
        for (place, column) in Column::ALL.into_iter().enumerate() {
            assert_eq!(column as usize, place, "{}", column.name());
        }
    }
}
