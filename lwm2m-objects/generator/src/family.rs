//! Families: ranges of ids, each a feature of `lwm2m-objects`.

use lwm2m_core::ObjectDef;

pub(crate) struct Family {
    /// The feature and the module.
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    first: u16,
    last: u16,
    /// Are there structs in `ipso`?
    pub(crate) typed: bool,
}

/// By id, without gaps.
pub(crate) const FAMILIES: [Family; 8] = [
    family("oma", "the enabler itself and other objects of OMA", 0, 2047, false),
    family("onem2m", "communication policies of oneM2M", 2048, 3199, false),
    family("ipso", "sensors and actuators of IPSO", 3200, 3350, true),
    family("cellular", "events and measurements of cellular modems", 3351, 3386, true),
    family("openais", "lighting of OpenAIS", 3387, 3406, true),
    family("ucifi", "smart cities and meters of uCIFI", 3407, 3440, true),
    family("registered", "other registered objects, among them the test objects", 3441, 10240, true),
    family("vendor", "objects of vendors", 10241, u16::MAX, false),
];

const fn family(name: &'static str, title: &'static str, first: u16, last: u16, typed: bool) -> Family {
    Family { name, title, first, last, typed }
}

impl Family {
    pub(crate) fn of<'a>(&self, objects: &'a [ObjectDef]) -> Vec<&'a ObjectDef> {
        objects.iter().filter(|def| (self.first..=self.last).contains(&def.id().0)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_of_one_family() {
        let ends = FAMILIES.iter().map(|family| (u32::from(family.first), u32::from(family.last)));
        let next = ends.fold(0, |next, (first, last)| {
            assert_eq!(first, next);
            last + 1
        });
        assert_eq!(next, 65536);
    }
}
