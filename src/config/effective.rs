//! Settings → text: what holds, defaults included, as a file that says the same.

use super::settings::{ReloadMode, Settings};
use crate::model::limits::Limits;
use std::fmt::{Display, Write};
use std::path::{Path, PathBuf};

impl Settings {
    /// A settings file that says what these settings say, every key written out.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut out = Writer::default();
        out.table("listen");
        out.key("udp", list(&self.listen.udp));
        out.key("tcp", list(&self.listen.tcp));
        out.optional("admin", self.listen.admin.map(|address| quoted(&address)));
        out.table("access");
        out.key("allow", list(&self.access.allow));
        out.key("change", list(&self.access.change));
        out.table("tables");
        out.key("files", list(&self.tables.files));
        out.key("cgrates", list(&self.tables.cgrates));
        // From the folder of the settings, as `files` are.
        let base = self.path.parent().unwrap_or(Path::new(""));
        let from_base = |path: &PathBuf| quoted(&path.strip_prefix(base).unwrap_or(path).display());
        out.optional("state_dir", self.tables.state_dir.as_ref().map(from_base));
        out.key(
            "reload",
            match self.tables.reload {
                ReloadMode::Watch => "\"watch\"",
                ReloadMode::Command => "\"command\"",
            },
        );
        out.key("last_known_good", self.tables.last_known_good);
        out.table("guard");
        out.key("shrink_max", quoted(&format!("{}%", self.guard.shrink_max_percent)));
        out.table("numbers");
        out.optional("country", self.numbers.country.map(|country| quoted(&country)));
        out.key("international", list(&self.numbers.international));
        out.key("national", quoted(&self.numbers.national));
        out.key("keep_short", self.numbers.keep_short);
        self.write_routes(&mut out);
        out.table("compat");
        out.key("cgrates", quoted(&self.compat.cgrates.name()));
        out.key("cgrates_quirks", self.compat.cgrates_quirks);
        out.key("voipbin_exact_targets", self.compat.voipbin_exact_targets);
        out.table("limits");
        for spec in Limits::SPECS {
            out.optional(spec.name, self.limits.get(spec.name));
        }
        out.text
    }

    fn write_routes(&self, out: &mut Writer) {
        let routes = &self.routes;
        out.table("routes");
        out.key("default_ratio", routes.default_ratio);
        out.key("indexed_selects", routes.indexed_selects);
        let strings = routes.string_indexed_fields.as_ref().map(|fields| list(fields));
        out.optional("string_indexed_fields", strings);
        out.key("prefix_indexed_fields", list(&routes.prefix_indexed_fields));
        out.key("suffix_indexed_fields", list(&routes.suffix_indexed_fields));
        out.key("exists_indexed_fields", list(&routes.exists_indexed_fields));
        out.key("notexists_indexed_fields", list(&routes.notexists_indexed_fields));
        out.key("nested_fields", routes.nested_fields);
        out.optional(
            "default_timezone",
            routes.default_timezone.iana_name().map(|name| quoted(&name)),
        );
        let options = &routes.options;
        out.table("routes.opts");
        out.key("\"*context\"", quoted(&options.context));
        out.key("\"*ignoreErrors\"", options.ignore_errors);
        out.key("\"*maxCost\"", quoted(&options.max_cost));
        out.optional("\"*profileCount\"", options.profile_count);
        out.optional("\"*limit\"", options.limit);
        out.optional("\"*offset\"", options.offset);
    }
}

#[derive(Default)]
struct Writer {
    text: String,
}

impl Writer {
    fn table(&mut self, name: &str) {
        let gap = if self.text.is_empty() { "" } else { "\n" };
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{gap}[{name}]");
    }

    fn key(&mut self, name: &str, value: impl Display) {
        let _ = writeln!(self.text, "{name} = {value}");
    }

    fn optional(&mut self, name: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.key(name, value);
        }
    }
}

fn quoted(value: &impl Display) -> String {
    toml::Value::String(value.to_string()).to_string()
}

fn list<T: Display>(values: &[T]) -> String {
    let values: Vec<String> = values.iter().map(quoted).collect();
    format!("[{}]", values.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::finding::has_errors;
    use super::super::load::check_settings;
    use std::path::Path;

    #[test]
    fn what_is_written_is_read_back_the_same() {
        for text in [
            "[listen]\nudp = [\"127.0.0.1:5070\"]\n",
            "[listen]\nudp = [\"127.0.0.1:5070\"]\n[tables]\nstate_dir = \"state\"\n",
            "[listen]\ntcp = [\"[::1]:5070\"]\nadmin = \"127.0.0.1:9470\"\n\
             [access]\nallow = [\"10.0.0.0/8\"]\n\
             [tables]\nfiles = [\"a\\\"b.toml\", 'c\\d*.toml']\ncgrates = [\"tp\"]\nstate_dir = \"/var/lib/siproute\"\n\
             reload = \"command\"\nlast_known_good = true\n\
             [guard]\nshrink_max = \"7%\"\n\
             [numbers]\ncountry = \"49\"\ninternational = [\"+\"]\nnational = \"\"\nkeep_short = 3\n\
             [routes]\ndefault_ratio = 2\nindexed_selects = true\nstring_indexed_fields = []\n\
             prefix_indexed_fields = [\"*req.Destination\"]\nsuffix_indexed_fields = [\"*req.A.B\"]\n\
             exists_indexed_fields = [\"*opts.C\"]\nnotexists_indexed_fields = [\"*opts.D\"]\n\
             nested_fields = true\ndefault_timezone = \"Europe/Berlin\"\n\
             [routes.opts]\n\"*context\" = \"*sessions\"\n\"*ignoreErrors\" = true\n\
             \"*maxCost\" = 0.030\n\"*profileCount\" = 1\n\"*limit\" = 3\n\"*offset\" = 0\n\
             [compat]\ncgrates = \"1.0\"\ncgrates_quirks = true\nvoipbin_exact_targets = true\n\
             [limits]\nroutes_max = 7\n",
        ] {
            for path in ["siproute.toml", "conf/siproute.toml", "/etc/siproute/siproute.toml"] {
                let path = Path::new(path);
                let (settings, findings) = check_settings(path, text);
                assert!(!has_errors(&findings), "{findings:?}");
                let written = settings.to_toml();
                let (again, findings) = check_settings(path, &written);
                assert!(!has_errors(&findings), "{written}\n{findings:?}");
                assert_eq!(format!("{again:?}"), format!("{settings:?}"), "{written}");
            }
        }
    }
}
