//! Looks into payloads, messages, definitions and vectors.

use std::{fs, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use lwm2m_core::{
    Path, Tree, Version,
    codec::{ContentFormat, Context},
};
use lwm2m_examples::{
    cli,
    inspect::{
        decode::{self, Mode},
        definition, encode,
        input::{self, Form},
        known::{self, Known},
        message,
    },
    say, show,
    text::{self, Mistake},
};
use lwm2m_objects::Registry;
use serde_json::{Value as Json, json};

const EXAMPLES: &str = "\
Examples:
  inspect decode --format tlv --path /3/0 c300416365c10964
  inspect decode --format senml-cbor 81a200662f332f302f39021850
                                                            values of many places: there is no --path
  inspect decode --format text --path /3303/0/5700 --as text 21.5
  inspect decode 61450001aac0ff32312e35 --path /3303/0/5700 a whole CoAP message: there is no --format
  inspect decode --json @payload.bin --format senml-cbor --path /3303/0
  echo 61450001aac0ff37 | inspect decode - --path /3/0/9
  inspect encode --format tlv --path /3303/0 5700=21.5 5701=Cel
  inspect encode --format senml-cbor --mode many /3303/0/5700=21.5 /3/0/9=80
  inspect encode --format senml-etch-json --mode patch /16/0/0/2=b -/16/0/0/1
  inspect encode --message 'CON PUT /1/0/1 mid=5 token=ac' --format text --path /1/0/1 300
  inspect object 3303
  inspect object 'light control' --json
  inspect ddf my-object.xml
  inspect check vectors.json

Octets are hexadecimal or Base64; @FILE reads a file, - standard input. A refusal shows the octet that is wrong.
The program ends with 0 when all is well, else with 1.";

/// Looks into payloads and messages of LwM2M, definitions of objects, and files of test vectors.
#[derive(Debug, Parser)]
#[command(version, styles = cli::STYLES, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show what a payload or a whole CoAP message means
    Decode(Decode),
    /// Make a payload or a whole CoAP message
    Encode(Encode),
    /// Show the definition of an object, by number or name; without one, a list of all
    Object(Object),
    /// Validate files of object definitions (OMA's XML)
    Ddf {
        /// The files
        #[arg(required = true)]
        files: Vec<String>,
    },
    /// Run every vector of a file, one line for each that fails
    Check {
        /// A JSON file with the lists `vectors` and `extras`
        file: String,
    },
}

/// Where a payload belongs, and what is known of it.
#[derive(Args, Debug)]
struct Place {
    /// Content format of the payload: text, link, opaque, cbor, senml-json, senml-cbor, senml-etch-json,
    /// senml-etch-cbor, tlv, oma-json, lwm2m-cbor, or a number
    #[arg(long, value_parser = text::format)]
    format: Option<ContentFormat>,
    /// Path that the payload belongs to, for example /3303/0
    #[arg(long)]
    path: Option<Path>,
    /// What kind of payload it is [default: as the message says; without one `value` where there is a path, else `many`]
    #[arg(long, value_enum)]
    mode: Option<Mode>,
    /// LwM2M version that the peer speaks
    #[arg(long, value_name = "VERSION", default_value = "1.2")]
    lwm2m: Version,
    /// Version of an object, for example 3:1.0; may be given several times [default: the newest]
    #[arg(long, value_name = "ID:VERSION")]
    object: Vec<String>,
    /// File with further definitions (OMA's XML); may be given several times
    #[arg(long, value_name = "FILE")]
    ddf: Vec<String>,
}

impl Place {
    fn mode(&self) -> Mode {
        self.mode.unwrap_or(if self.path.is_some() { Mode::Value } else { Mode::Many })
    }
}

#[derive(Args, Debug)]
struct Decode {
    /// The octets: hexadecimal or Base64, @FILE or -
    input: String,
    /// How the octets are given
    #[arg(long = "as", value_enum, default_value_t)]
    form: Form,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

#[derive(Args, Debug)]
struct Encode {
    /// The values: one, or id=value pairs for an instance or a multiple resource; paths; path=value pairs, with a time
    /// 1700000000@path=value or, before now, -30@path=value; -path to remove
    #[arg(allow_hyphen_values = true)]
    values: Vec<String>,
    /// Make a whole message: its type, code, path and options, as `decode` prints them
    #[arg(long, value_name = "WORDS")]
    message: Option<String>,
    /// Print Base64 in place of hexadecimal digits
    #[arg(long)]
    base64: bool,
    #[command(flatten)]
    place: Place,
}

#[derive(Args, Debug)]
struct Object {
    /// Number or name
    object: Option<String>,
    /// In this version, for example 1.0
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// File with further definitions (OMA's XML); may be given several times
    #[arg(long, value_name = "FILE")]
    ddf: Vec<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    cli::exit(match arguments.command {
        Command::Decode(decode) => run_decode(&decode),
        Command::Encode(encode) => run_encode(&encode),
        Command::Object(object) => run_object(&object),
        Command::Ddf { files } => run_ddf(&files),
        Command::Check { file } => run_check(&file),
    })
}

fn run_decode(decode: &Decode) -> Result<(), Mistake> {
    let octets = input::octets(&decode.input, decode.form)?;
    let place = &decode.place;
    let model = Known::new(&place.ddf, &place.object)?;
    if let Some(format) = place.format {
        let cx = Context { model: &model, version: place.lwm2m, tree: &Tree::DEFAULT };
        let meaning = decode::payload(&cx, format, place.path.unwrap_or(Path::ROOT), place.mode(), &octets)?;
        return print(decode.json, &meaning.tree(&model), || meaning.json(&model));
    }
    let message = message::parse(&octets)?;
    let mut words = message::words(&message);
    let (prefix, path) = message::place(&message).unwrap_or_default();
    let cx = Context { model: &model, version: place.lwm2m, tree: &prefix };
    let path = place.path.unwrap_or(path);
    if !path.is_root() && message.code.is_request() && !decode.json {
        words.push_str(&format!("\n{path} is {}", show::place(&model, path)));
    }
    if message.payload.is_empty() {
        return print(decode.json, &format!("{words}\n"), || json!({"message": words}));
    }
    // A response with an error carries a diagnostic text. [RFC 7252 §5.5.2]
    let Some(format) = message.options.content_format().map(ContentFormat::current) else {
        let payload = String::from_utf8_lossy(message.payload).into_owned();
        return print(
            decode.json,
            &format!("{words}\n{payload}\n"),
            || json!({"message": words, "payload": payload}),
        );
    };
    let mode = place.mode.unwrap_or_else(|| message::mode(&message));
    match decode::payload(&cx, format, path, mode, message.payload) {
        Ok(meaning) => print(
            decode.json,
            &format!("{words}\n{}", meaning.tree(&model)),
            || json!({"message": words, "payload": meaning.json(&model)}),
        ),
        Err(error) => {
            say!("{words}");
            let hint = if place.path.is_none() && !message.code.is_request() {
                "\na response does not say which path it answers: say --path"
            } else {
                ""
            };
            Err(Mistake(format!("payload: {error}{hint}")))
        }
    }
}

fn print(as_json: bool, text: &str, json: impl FnOnce() -> Json) -> Result<(), Mistake> {
    if as_json {
        say!("{:#}", json());
    } else {
        cli::print(text);
    }
    Ok(())
}

fn run_encode(encode: &Encode) -> Result<(), Mistake> {
    let place = &encode.place;
    let model = Known::new(&place.ddf, &place.object)?;
    let cx = Context { model: &model, version: place.lwm2m, tree: &Tree::DEFAULT };
    let mut payload = Vec::new();
    let mut words: Vec<String> = encode.message.iter().cloned().collect();
    if !encode.values.is_empty() || encode.message.is_none() {
        let format =
            place.format.ok_or_else(|| Mistake("say --format, for example --format tlv".to_owned()))?;
        let needed = || Mistake("say --path, for example --path /3303/0".to_owned());
        let path = match place.mode() {
            Mode::Value | Mode::Create => place.path.ok_or_else(needed)?,
            Mode::Many | Mode::Paths | Mode::Patch => Path::ROOT,
        };
        payload = encode::payload(&cx, format, path, place.mode(), &encode.values)?;
        if encode.message.as_ref().is_some_and(|message| !message.contains(" ct=")) {
            words.push(format!("ct={}", format.0));
        }
    }
    let octets = if encode.message.is_some() { message::build(&words, &payload)? } else { payload };
    say!("{}", if encode.base64 { input::to_base64(&octets) } else { input::to_hex(&octets) });
    Ok(())
}

fn run_object(object: &Object) -> Result<(), Mistake> {
    let Some(what) = &object.object else {
        for def in Registry::objects() {
            say!("{:5} {} {}", def.id().0, def.name(), def.object_version());
        }
        return Ok(());
    };
    let known = Known::new(&object.ddf, &[])?;
    let unknown = || Mistake(format!("`{what}` is unknown{}; `inspect object` lists all", similar(what)));
    let id = known.find(what).ok_or_else(unknown)?.id();
    let versions: Vec<String> = object.version.iter().map(|version| format!("{id}:{version}")).collect();
    let known = Known::new(&object.ddf, &versions)?;
    let version = object.version.as_deref().unwrap_or_default();
    let def = known
        .find(&id.to_string())
        .ok_or_else(|| Mistake(format!("object {id} is not known in version {version}")))?;
    print(object.json, &definition::table(def), || definition::json(def))
}

/// Objects whose names have the word in them, a few.
fn similar(what: &str) -> String {
    let word = what.to_lowercase();
    let named = Registry::objects().iter().filter(|def| def.name().to_lowercase().contains(&word));
    let found: Vec<_> = named.map(|def| format!("{} {}", def.id(), def.name())).take(6).collect();
    if found.is_empty() { String::new() } else { format!("; there are {}", found.join(", ")) }
}

fn run_ddf(files: &[String]) -> Result<(), Mistake> {
    let mut refused = Vec::new();
    for file in files {
        match known::read(file) {
            Ok(ddf) => {
                for note in &ddf.notes {
                    say!("note: {note}");
                }
                for def in &ddf.objects {
                    let (id, name, version) = (def.id(), def.name(), def.object_version());
                    say!("ok {file}: {id} {name}, version {version}, {} resources", def.resources().len());
                }
            }
            Err(mistake) => refused.push(mistake.0),
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(Mistake(refused.join("\n"))) }
}

fn run_check(file: &str) -> Result<(), Mistake> {
    let text = fs::read_to_string(file).map_err(|error| Mistake(format!("{file}: {error}")))?;
    std::panic::set_hook(Box::new(|_| {})); // a panic is a failure like others, and told with its vector
    let report = lwm2m_vectors::check(&text).map_err(|why| Mistake(format!("{file}: {why}")))?;
    for failure in &report.failures {
        say!("FAILED {failure}");
    }
    say!("{report}");
    if report.failures.is_empty() {
        Ok(())
    } else {
        Err(Mistake(format!("{} of the vectors in {file} fail", report.failures.len())))
    }
}
