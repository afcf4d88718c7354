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
        out.table("compat");
        out.key("voipbin_exact_targets", self.compat.voipbin_exact_targets);
        out.table("limits");
        for spec in Limits::SPECS {
            out.optional(spec.name, self.limits.get(spec.name));
        }
        out.text
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
             [tables]\nfiles = [\"a\\\"b.toml\", 'c\\d*.toml']\nstate_dir = \"/var/lib/siproute\"\n\
             reload = \"command\"\nlast_known_good = true\n\
             [guard]\nshrink_max = \"7%\"\n\
             [numbers]\ncountry = \"49\"\ninternational = [\"+\"]\nnational = \"\"\nkeep_short = 3\n\
             [compat]\nvoipbin_exact_targets = true\n[limits]\nroutes_max = 7\n",
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
