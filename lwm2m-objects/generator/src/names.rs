//! Names of Rust for names of the registry.

use std::collections::HashMap;

/// Names whose words cannot be told from their letters, and one that a type of values has.
const TYPES: [(u16, &str); 5] = [
    (3333, "TimeObject"),
    (3386, "VolteRtpPacketLoss"),
    (3381, "VolteCallEvent"),
    (3441, "TestObjectV10"),
    (3442, "TestObjectV11"),
];

/// `LightControl`
pub(crate) fn type_name(id: u16, name: &str) -> String {
    if let Some((_, given)) = TYPES.iter().find(|(object, _)| *object == id) {
        return (*given).to_owned();
    }
    words(name).iter().map(|word| capital(word)).collect()
}

/// `light_control`
pub(crate) fn module_name(type_name: &str) -> String {
    words(type_name).join("_")
}

/// `sensor_value`, one for each name; what would stand twice has its number behind it.
pub(crate) fn fields(names: &[(u16, &str)]) -> Vec<String> {
    let plain: Vec<_> = names.iter().map(|(_, name)| words(name).join("_")).collect();
    let mut often: HashMap<&str, usize> = HashMap::new();
    for name in &plain {
        *often.entry(name).or_default() += 1;
    }
    let field = |(name, (id, _)): (&String, &(u16, &str))| match often.get(name.as_str()) {
        Some(1) if name.starts_with(|c: char| c.is_ascii_digit()) => format!("_{name}"),
        Some(1) if is_keyword(name) => format!("r#{name}"),
        _ if name.is_empty() => format!("resource_{id}"),
        Some(1) => name.clone(),
        _ => format!("{name}_{id}"),
    };
    plain.iter().zip(names).map(field).collect()
}

fn is_keyword(name: &str) -> bool {
    ["type", "loop", "match", "move", "ref", "in", "as", "static", "const", "use", "where", "override"]
        .contains(&name)
}

/// Words in small letters: `On/Off switch`, `rrcStateChangeEvent` and `LED color light` have three, five and three.
fn words(name: &str) -> Vec<String> {
    let name = name.replace("LwM2M", "Lwm2m").replace("LWM2M", "Lwm2m").replace("uCIFI", "Ucifi");
    let name = name.replace("oA ", "Oa ").replace("VoLTE", "Volte");
    let mut words: Vec<String> = Vec::new();
    for part in name.split(|letter: char| !letter.is_ascii_alphanumeric()) {
        let letters: Vec<char> = part.chars().collect();
        let mut word = String::new();
        for (index, letter) in letters.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| letters.get(before));
            let after = letters.get(index + 1);
            let humps = before.is_some_and(|before| before.is_ascii_lowercase() || before.is_ascii_digit());
            let ends =
                before.is_some_and(char::is_ascii_uppercase) && after.is_some_and(char::is_ascii_lowercase);
            if letter.is_ascii_uppercase() && (humps || ends) && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            word.push(letter.to_ascii_lowercase());
        }
        if !word.is_empty() {
            words.push(word);
        }
    }
    words
}

pub(crate) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        for (name, type_name_, module) in [
            ("On/Off switch", "OnOffSwitch", "on_off_switch"),
            ("rrcStateChangeEvent", "RrcStateChangeEvent", "rrc_state_change_event"),
            ("LED color light", "LedColorLight", "led_color_light"),
            ("uCIFI data bridge", "UcifiDataBridge", "ucifi_data_bridge"),
            ("rachLatency_delay", "RachLatencyDelay", "rach_latency_delay"),
            ("PagingDRX", "PagingDrx", "paging_drx"),
            ("SipRegistrationEvent", "SipRegistrationEvent", "sip_registration_event"),
        ] {
            assert_eq!(type_name(0, name), type_name_);
            assert_eq!(module_name(&type_name(0, name)), module);
        }
    }

    #[test]
    fn fields_are_words_of_rust_and_differ() {
        let names = [(1, "Type"), (2, "Value"), (3, "value"), (4, "%"), (5, "3-Phase")];
        assert_eq!(fields(&names), ["r#type", "value_2", "value_3", "resource_4", "_3_phase"]);
    }
}
