//! Profiles, ready to be asked: filters compiled, routes bound to suppliers.

use super::Table;
use super::compiler::Compiler;
use super::filter::{Fault, Filter};
use super::input::Place;
use super::supplier::{Supplier, SupplierIndex};
use crate::model::answer::Rank;
use crate::model::definition::{Conditional, Generation, RouteDefinition, RouteProfile};
use crate::model::json::JsonText;
use std::collections::HashSet;
use std::sync::Arc;
use uuid::Uuid;

/// Position of a profile among all that a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProfileIndex(pub u32);

/// One profile.
#[derive(Debug, Clone)]
pub struct Profile {
    /// As it was stated.
    pub definition: Arc<RouteProfile>,
    /// All must pass.
    pub filters: Vec<FilterRef>,
    /// How its routes are ordered; `None`: no such strategy.
    pub sorting: Option<Sorting>,
    /// Higher is tried first.
    pub weight: Graded<f64>,
    /// Nothing after it is considered.
    pub blocker: Graded<bool>,
    /// Active after this moment (Unix nanoseconds).
    pub from_ns: i64,
    /// Active before this moment (Unix nanoseconds).
    pub until_ns: i64,
    /// Its routes, in the order in which they were stated.
    pub routes: Vec<ProfileRoute>,
    /// Whether two of its routes have one id.
    pub has_twins: bool,
    /// Where a file declares it; `None`: an API stated it.
    pub place: Option<Place>,
}

/// One route of a profile.
#[derive(Debug, Clone)]
pub struct ProfileRoute {
    /// Who carries the call; [`SupplierIndex::UNDECLARED`]: whom `own` says.
    pub supplier: SupplierIndex,
    /// A supplier that nothing declares: its bare id.
    pub own: Option<Box<Supplier>>,
    /// Key of the tie between routes of equal weight, from its id.
    pub tie_key: u64,
    /// All must pass.
    pub filters: Vec<FilterRef>,
    /// Higher is earlier.
    pub weight: Graded<f64>,
    /// The weight as answers say it, where it is always the same.
    pub rank: Rank,
    /// The list ends with it.
    pub blocker: Graded<bool>,
    /// In place of the supplier's own parameters, when not empty.
    pub parameters: JsonText,
    /// Accounts whose balances pay.
    pub accounts: Box<[String]>,
    /// Rating plans that price it.
    pub plans: Box<[String]>,
}

/// A filter, as profiles and routes refer to it.
#[derive(Debug, Clone)]
pub enum FilterRef {
    /// Written where it is used.
    Inline(Arc<Filter>),
    /// By its name; looked up when it is asked.
    Named(Arc<str>),
    /// Written where it is used, and cannot be used: why.
    Broken(Arc<Fault>),
}

/// A value that may depend on filters (1.0).
#[derive(Debug, Clone)]
pub enum Graded<T> {
    /// Always this.
    Fixed(T),
    /// The first whose filters pass; none: the default.
    First(Vec<(Vec<FilterRef>, T)>),
}

/// The strategies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sorting {
    /// `*weight`: higher weight first.
    Weight,
    /// `*lc`: lower cost first.
    LeastCost,
    /// `*hc`: higher cost first.
    HighestCost,
}

impl Sorting {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Weight, Self::LeastCost, Self::HighestCost];

    /// Its name in files and answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Weight => "*weight",
            Self::LeastCost => "*lc",
            Self::HighestCost => "*hc",
        }
    }

    /// Whether it needs a price of every route.
    #[must_use]
    pub fn needs_price(self) -> bool {
        matches!(self, Self::LeastCost | Self::HighestCost)
    }

    /// The strategy called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sorting| sorting.name() == name)
    }
}

impl<T: Copy> Graded<T> {
    fn compile(
        value: &Conditional<T>,
        generation: Generation,
        compiler: &mut Compiler<'_>,
    ) -> Self {
        match value {
            Conditional::Fixed(value) => Self::Fixed(*value),
            Conditional::First(choices) => {
                let choices = choices.as_deref().unwrap_or_default().iter();
                let compiled = choices
                    .map(|(ids, value)| (compiler.filters(ids.as_deref(), generation), *value));
                Self::First(compiled.collect())
            }
        }
    }

    /// The value, where it is always the same.
    #[must_use]
    pub fn fixed(&self) -> Option<T> {
        match self {
            Self::Fixed(value) => Some(*value),
            Self::First(_) => None,
        }
    }
}

impl Profile {
    /// Makes a profile ready.
    #[must_use]
    pub(super) fn compile(
        definition: Arc<RouteProfile>,
        place: Option<Place>,
        compiler: &mut Compiler<'_>,
    ) -> Self {
        let generation = definition.generation;
        let bounds = definition.active.as_ref().map(|active| active.bounds_ns());
        let (from_ns, until_ns) = bounds.unwrap_or((i64::MIN, i64::MAX));
        let routes = definition.routes.as_deref().unwrap_or_default().iter();
        let routes: Vec<_> =
            routes.map(|route| ProfileRoute::compile(route, generation, compiler)).collect();
        let mut ids = HashSet::new();
        Self {
            has_twins: !routes.iter().all(|route| ids.insert(route.tie_key)),
            filters: compiler.filters(definition.filter_ids.as_deref(), generation),
            sorting: Sorting::named(&definition.sorting),
            weight: Graded::compile(&definition.weight, generation, compiler),
            blocker: Graded::compile(&definition.blocker, generation, compiler),
            from_ns,
            until_ns,
            routes,
            place,
            definition,
        }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.definition.id
    }

    /// Whose it is.
    #[must_use]
    pub fn tenant(&self) -> &str {
        &self.definition.tenant
    }
}

impl ProfileRoute {
    /// Who carries the call.
    #[must_use]
    pub fn supplier_in<'t>(&'t self, table: &'t Table) -> Option<&'t Supplier> {
        self.own.as_deref().or_else(|| table.suppliers.get(self.supplier))
    }

    fn compile(
        route: &RouteDefinition,
        generation: Generation,
        compiler: &mut Compiler<'_>,
    ) -> Self {
        let declared = compiler.suppliers.find(&route.id);
        let own = declared
            .is_none()
            .then(|| Box::new(Supplier::undeclared(&route.id, compiler.suppliers.undeclared())));
        let weight = Graded::compile(&route.weight, generation, compiler);
        Self {
            supplier: declared.unwrap_or(SupplierIndex::UNDECLARED),
            own,
            tie_key: tie_key(&route.id),
            filters: compiler.filters(route.filter_ids.as_deref(), generation),
            rank: Rank::of_weight(weight.fixed().unwrap_or_default()),
            weight,
            blocker: Graded::compile(&route.blocker, generation, compiler),
            parameters: route.parameters.clone().into(),
            accounts: route.account_ids.clone().unwrap_or_default().into(),
            plans: route.rating_plan_ids.clone().unwrap_or_default().into(),
        }
    }
}

/// A number of the route's id that is the same on every node and in every version.
fn tie_key(id: &str) -> u64 {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, id.as_bytes()).as_u64_pair().0
}
