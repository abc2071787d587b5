//! Versions of the enabler and of objects. [Core 1.2 §7.2.2]

use std::{fmt, str::FromStr};

/// Version of the LwM2M enabler.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// LwM2M 1.0.
    V1_0,
    /// LwM2M 1.1.
    #[default]
    V1_1,
    /// LwM2M 1.2.
    V1_2,
}

impl Version {
    /// All versions, oldest first.
    pub const ALL: [Self; 3] = [Self::V1_0, Self::V1_1, Self::V1_2];

    /// As the `lwm2m` parameter carries it: `1.1`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
            Self::V1_2 => "1.2",
        }
    }

    /// The next older version.
    #[must_use]
    pub const fn older(self) -> Option<Self> {
        match self {
            Self::V1_0 => None,
            Self::V1_1 => Some(Self::V1_0),
            Self::V1_2 => Some(Self::V1_1),
        }
    }

    /// The version of a core object that this enabler implies when `ver` is not said; 1.0 for all others.
    /// [Core 1.2 §7.2.2]
    #[must_use]
    pub const fn implied_object_version(self, object: crate::ObjectId) -> ObjectVersion {
        let minor = match (self, object.0) {
            (Self::V1_1, 0 | 1 | 3) | (Self::V1_2, 2 | 5) => 1,
            (Self::V1_1, 4) | (Self::V1_2, 0 | 1 | 3) => 2,
            (Self::V1_2, 4) => 3,
            (Self::V1_2, 21) => return ObjectVersion(2, 0),
            _ => 0,
        };
        ObjectVersion(1, minor)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        Self::ALL.into_iter().find(|version| version.as_str() == text).ok_or(VersionError)
    }
}

/// Version of an object: major and minor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectVersion(pub u8, pub u8);

impl Default for ObjectVersion {
    fn default() -> Self {
        Self(1, 0)
    }
}

impl fmt::Display for ObjectVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

impl FromStr for ObjectVersion {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let number = |digits: &str| {
            let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            if plain { digits.parse().map_err(|_| VersionError) } else { Err(VersionError) }
        };
        let (major, minor) = text.split_once('.').ok_or(VersionError)?;
        Ok(Self(number(major)?, number(minor)?))
    }
}

/// The text is no version that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a version is written major.minor, for example 1.1")]
pub struct VersionError;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ObjectId;

    #[test]
    fn texts_round_trip_and_strangers_are_refused() {
        for version in Version::ALL {
            assert_eq!(version.to_string().parse(), Ok(version));
        }
        for wrong in ["1", "1.3", "2.0", "1.1.1", " 1.1", ""] {
            assert_eq!(wrong.parse::<Version>(), Err(VersionError), "{wrong}");
        }
        assert_eq!("2.10".parse(), Ok(ObjectVersion(2, 10)));
        for wrong in ["1", "1.", ".1", "1.256", "+1.0", "1.0.0"] {
            assert_eq!(wrong.parse::<ObjectVersion>(), Err(VersionError), "{wrong}");
        }
    }

    #[test]
    fn core_objects_follow_the_release() {
        let implied = |version: Version, object| version.implied_object_version(ObjectId(object));
        assert_eq!(implied(Version::V1_0, 3), ObjectVersion(1, 0));
        assert_eq!(implied(Version::V1_1, 3), ObjectVersion(1, 1));
        assert_eq!(implied(Version::V1_1, 4), ObjectVersion(1, 2));
        assert_eq!(implied(Version::V1_2, 4), ObjectVersion(1, 3));
        assert_eq!(implied(Version::V1_2, 21), ObjectVersion(2, 0));
        assert_eq!(implied(Version::V1_2, 3303), ObjectVersion(1, 0));
    }
}
