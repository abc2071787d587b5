//! Definitions from OMA's XML: the format of the registry's files (DDF). [Core 1.2 Appendix D, LWM2M.xsd]
//!
//! Objects of a vendor, or versions newer than this crate, need no new program: their file is read at the start.
//!
//! ```
//! use lwm2m_core::{Definitions, ddf};
//!
//! let xml = r#"<LWM2M><Object ObjectType="MODefinition">
//!   <Name>Tank</Name><ObjectID>32800</ObjectID><ObjectURN>urn:oma:lwm2m:x:32800</ObjectURN>
//!   <MultipleInstances>Multiple</MultipleInstances><Mandatory>Optional</Mandatory>
//!   <Resources><Item ID="0">
//!     <Name>Level</Name><Operations>RW</Operations><MultipleInstances>Single</MultipleInstances>
//!     <Mandatory>Mandatory</Mandatory><Type>Integer</Type><RangeEnumeration>0..100</RangeEnumeration>
//!     <Units>%</Units><Description>How full.</Description>
//!   </Item></Resources>
//! </Object></LWM2M>"#;
//! let model: Definitions = ddf::parse("tank.xml", xml)?.objects.into_iter().collect();
//! # assert_eq!(model.objects()[0].name(), "Tank");
//! let wrong = ddf::parse("tank.xml", &xml.replace("RW", "RX")).unwrap_err();
//! assert_eq!(wrong.to_string(), "tank.xml:5: Operations is one of R, W, RW, E or nothing, not `RX`");
//! # Ok::<(), ddf::Refused>(())
//! ```

use std::fmt;

use crate::ObjectDef;

mod element;
mod object;
mod range;

pub use self::range::range;

/// Largest file that is read. The largest of the registry has 60 kB; a tree takes some ten times its text.
pub const MAX_FILE: usize = 4 << 20;

/// Most problems, and most notes, that are told of one file. To find a line takes as long as the file, and a file of
/// nothing but mistakes has a million.
pub const MAX_PROBLEMS: usize = 100;

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Ddf {
    /// The definitions, in the order of the file.
    pub objects: Vec<ObjectDef>,
    /// What was strange and did no harm: a range, for example, that is written for people is left open.
    pub notes: Vec<Problem>,
}

/// A rule that a file breaks, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Name of the file, as [`parse`] was told.
    pub file: String,
    /// Line, counted from 1.
    pub line: u32,
    /// The rule.
    pub rule: Rule,
}

/// `tank.xml:5: Operations is one of ..`
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.rule)
    }
}

/// Rules of a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rule {
    /// It has to be XML. A document type declaration is none of it: entities could grow without end.
    #[error("not well-formed: {0}")]
    Xml(String),
    /// At most [`MAX_FILE`] octets.
    #[error("a file has at most {MAX_FILE} octets")]
    TooLarge,
    /// The root element is `LWM2M`.
    #[error("the root element is LWM2M, not {0}")]
    Root(String),
    /// It holds an object.
    #[error("there is no Object in it")]
    Empty,
    /// An element is there.
    #[error("{1} is missing in {0}")]
    Missing(String, &'static str),
    /// An element stands once.
    #[error("{1} stands twice in {0}")]
    Twice(String, &'static str),
    /// An id is a number from 0 to 65534.
    #[error("{0} is a number from 0 to 65534, not `{1}`")]
    Id(&'static str, String),
    /// A version is written `1.0`.
    #[error("{0} is written major.minor, for example 1.1, not `{1}`")]
    Version(&'static str, String),
    /// An element holds one of a few words.
    #[error("{0} is one of {1}, not `{2}`")]
    Word(&'static str, &'static str, String),
    /// A resource is defined once.
    #[error("resource {0} is defined twice")]
    SameResource(u16),
    /// An object is defined once.
    #[error("object {0} is defined twice in one version")]
    SameObject(u16),
    /// An executable resource has no type.
    #[error("resource {0} is executable and has a Type")]
    ExecutableType(u16),
    /// A resource with a value has a type. Without one it is read as String.
    #[error("resource {0} has no Type; it is taken for String")]
    NoType(u16),
    /// The URN says number and version. Those of their own elements are taken.
    #[error("ObjectURN is `{0}`, and from ObjectID and ObjectVersion follows `{1}`")]
    Urn(String, String),
    /// A range that a program can read. Others are left open.
    #[error("the range of resource {0} is left open: `{1}`")]
    Range(u16, String),
}

/// All rules that a file breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub Vec<Problem>);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refused {}

/// Reads a file. `file` is its name, for what is said about it.
///
/// # Errors
/// Every rule that the file breaks, each with its line; the first [`MAX_PROBLEMS`] of them.
pub fn parse(file: &str, xml: &str) -> Result<Ddf, Refused> {
    object::file(file, xml)
}
