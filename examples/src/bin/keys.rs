//! Makes keys and certificates, and says what to put where.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::{Parser, Subcommand};
use lwm2m_client::{BootstrapAccount, smartcard::image::CardImage};
use lwm2m_core::{
    Bytes, Secret,
    dtls::certificate::fingerprint,
    security::{Credential, CredentialId, FileKeys},
};
use lwm2m_examples::{
    cli,
    keys::{self, Certified, Directory, Holder, hex, stem, word},
    say,
    secure::ClientKeys,
};
use serde_json::json;

const EXAMPLES: &str = "\
Which to choose:
  psk          one secret that device and server share. The least code, traffic and power; whoever learns the server's
               list can pose as every device. A key for each device, never one for all.
  public-key   a key pair at each end, each knowing the other's public half. The server's list is not secret. No names,
               no dates, nothing to renew; a key is replaced by writing a new one into the other end's list.
  certificate  an authority vouches for names, so that a server needs no list. Devices can be replaced and servers moved
               without touching the other end. The most code and traffic; somebody has to guard the authority's key.

A pre-shared key for a device, and into the server's file; and one for each device of a simulated fleet:
  keys psk thermo-1 --credentials keys.txt
  keys psk fleet- --count 1000 --credentials keys.txt

Raw public keys at both ends:
  keys public-key server --own --credentials keys.txt
  keys public-key meter-1 --credentials keys.txt

Certificates:
  keys authority \"Example CA\" --credentials keys.txt
  keys certificate lwm2m.example --authority Example_CA --host lwm2m.example --credentials keys.txt
  keys certificate thermo-1 --authority Example_CA

A smartcard (UICC) that brings a device its servers, as a directory of files:
  keys smartcard card --bootstrap coaps://lwm2m.example:5784 --psk factory-1:000102030405060708090a0b0c0d0e0f

Keys and certificates go into the directory `keys` (--out), NAME.key.* readable by their owner alone. Names in the
file of credentials are endpoint client names. Files of keys are never overwritten; those of a smartcard are, with the
keys in them. To replace a key make another under another --identity or NAME for the same --endpoint: both hold until
the old line is removed.";

/// Makes pre-shared keys, key pairs, a small authority, certificates and smartcards for LwM2M clients and servers.
#[derive(Debug, Parser)]
#[command(version, styles = cli::STYLES, after_help = EXAMPLES)]
struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// A pre-shared key of 16 octets
    Psk {
        /// The device's endpoint client name
        endpoint: String,
        /// What the device names the key by [default: the endpoint name]
        #[arg(long, value_name = "TEXT")]
        identity: Option<String>,
        /// Keys for so many devices, named ENDPOINT0, ENDPOINT1 and so on: only into the file
        #[arg(long, value_name = "N", requires = "credentials", conflicts_with = "identity")]
        #[arg(value_parser = clap::value_parser!(u32).range(1..))]
        count: Option<u32>,
        #[command(flatten)]
        to: To,
    },
    /// A key pair of P-256, as raw public key
    PublicKey {
        /// Names the files, and the endpoint
        name: String,
        /// The endpoint client name [default: NAME]
        #[arg(long, value_name = "NAME")]
        endpoint: Option<String>,
        /// It is the server's own
        #[arg(long)]
        own: bool,
        #[command(flatten)]
        out: Out,
        #[command(flatten)]
        to: To,
    },
    /// An authority that signs certificates
    Authority {
        /// Its common name
        name: String,
        #[command(flatten)]
        out: Out,
        /// How many days it is good
        #[arg(long, value_name = "N", default_value_t = 3650)]
        days: u32,
        #[command(flatten)]
        to: To,
    },
    /// A certificate of a device; with --host of a server
    Certificate {
        /// Its common name: the endpoint client name of a device
        name: String,
        /// Which authority signs: the name of its files
        #[arg(long, value_name = "NAME")]
        authority: String,
        /// Host name or address of the server; may be given several times
        #[arg(long, value_name = "HOST")]
        host: Vec<String>,
        #[command(flatten)]
        out: Out,
        /// How many days it is good
        #[arg(long, value_name = "N", default_value_t = 730)]
        days: u32,
        #[command(flatten)]
        to: To,
    },
    /// A smartcard with accounts of servers, as a directory of files
    Smartcard(Card),
}

/// What is on a smartcard.
#[derive(clap::Args, Debug)]
struct Card {
    /// Directory for the files of the card, named as their places on it are
    directory: PathBuf,
    /// A server, with short server ID 1, 2 and so on
    #[arg(long, value_name = "URI")]
    server: Vec<String>,
    /// The bootstrap server
    #[arg(long, value_name = "URI", required_unless_present = "server")]
    bootstrap: Option<String>,
    /// Lifetime of the registrations
    #[arg(long, value_name = "TIME", default_value = "1d", value_parser = cli::seconds)]
    lifetime: Duration,
    #[command(flatten)]
    keys: ClientKeys,
}

#[derive(clap::Args, Debug)]
struct Out {
    /// Directory of keys and certificates
    #[arg(long, value_name = "DIR", default_value = "keys")]
    out: PathBuf,
}

impl Out {
    /// Absolute, so that what is printed holds from wherever it is used: paths in a file of credentials are relative to
    /// that file.
    fn directory(self) -> Result<Directory, String> {
        let out = &self.out;
        std::path::absolute(out).map(Directory).map_err(|error| format!("{}: {error}", out.display()))
    }
}

#[derive(clap::Args, Debug)]
struct To {
    /// Write it into the server's file of credentials, too
    #[arg(long, value_name = "FILE")]
    credentials: Option<PathBuf>,
}

fn main() -> ExitCode {
    cli::exit(run(Args::parse().what))
}

fn run(what: What) -> Result<(), String> {
    match what {
        What::Psk { endpoint, count: Some(count), to, .. } => many_psks(&endpoint, count, &to),
        What::Psk { endpoint, identity, to, .. } => {
            psk(&endpoint, identity.as_deref().unwrap_or(&endpoint), &to)
        }
        What::PublicKey { name, endpoint, own, out, to } => {
            public_key(&name, endpoint.as_deref().unwrap_or(&name), own, &out.directory()?, &to)
        }
        What::Smartcard(card) => smartcard(&card),
        What::Authority { name, out, days, to } => authority(&name, &out.directory()?, days, &to),
        What::Certificate { name, authority, host, out, days, to } => {
            certificate(&name, &authority, host, &out.directory()?, days, &to)
        }
    }
}

fn psk(endpoint: &str, identity: &str, to: &To) -> Result<(), String> {
    if endpoint.is_empty() || identity.is_empty() {
        return Err("the endpoint name and the identity have at least one letter".to_owned());
    }
    to.is_free(&CredentialId::Psk(identity.to_owned().into()))?;
    let key: [u8; 16] = keys::random().map_err(|error| error.to_string())?;
    let key_hex = hex(&key);
    let credential = Credential::psk(identity.to_owned(), key).endpoint(endpoint);
    let line = credential.to_line();
    to.put(credential)?;
    let leshan = json!({
        "endpoint": endpoint,
        "tls": { "mode": "psk", "details": { "identity": identity, "key": key_hex } }
    });
    say!("identity  {identity}\nkey       {key_hex}\n");
    say!("Server, a line of its credentials:\n  {}", String::from_utf8_lossy(line.expose()));
    say!("Client, an instance of the Security object (0):");
    say!("  /0/x/0 coaps://HOST:5684   /0/x/2 0   /0/x/3 {identity}   /0/x/5 {key_hex} (16 octets)");
    say!("Program client:\n  --server coaps://HOST --endpoint '{endpoint}' --psk '{identity}:{key_hex}'");
    say!("Leshan, page Security or PUT /api/security/clients/:\n  {leshan}");
    say!(
        "OpenSSL, to try it:\n  openssl s_client -dtls1_2 -connect HOST:5684 -cipher PSK-AES128-CCM8:@SECLEVEL=0 \\"
    );
    say!("    -psk_identity '{identity}' -psk {key_hex}");
    Ok(())
}

/// For a fleet; nobody wants to read them.
fn many_psks(prefix: &str, count: u32, to: &To) -> Result<(), String> {
    let made = (0..count).map(|number| {
        let key: [u8; 16] = keys::random().map_err(|error| error.to_string())?;
        Ok(Credential::psk(format!("{prefix}{number}"), key))
    });
    to.put_all(made.collect::<Result<_, String>>()?)?;
    say!("Server and fleet take that file:");
    say!("  server --credentials FILE\n  fleet --server coaps://HOST --credentials FILE --prefix {prefix}");
    Ok(())
}

fn public_key(name: &str, endpoint: &str, own: bool, directory: &Directory, to: &To) -> Result<(), String> {
    let key = keys::private_key().map_err(|error| error.to_string())?;
    let spki = key.public().spki();
    let stem = stem(name);
    if own {
        to.is_free(&CredentialId::OwnKey(None))?;
    }
    directory.write_key(&stem, &key)?;
    let files = directory.0.join(&stem);
    let word = word(&files);
    let files = files.display();
    say!("private key     {files}.key.pem, {files}.key.der (PKCS#8)");
    say!("public key      {files}.pub.pem, {files}.pub.der (SubjectPublicKeyInfo, 91 octets)");
    say!("its SHA-256     {}\n", hex(&fingerprint(&spki)));
    if own {
        to.put(Credential::OwnKey { key: key.to_pkcs8(), host: None })?;
        say!("Server, a line of its credentials:\n  own-key * file:{word}.key.pem");
        say!("Client, in the Security object (0), what it expects of the server:\n  /0/x/4 {files}.pub.der");
        say!("Program client, beside its own --key:\n  --server-key {files}.pub.pem");
        say!("Leshan client:\n  --server-public-key {files}.pub.der");
    } else {
        let credential = Credential::public_key(&spki).map_err(|error| error.to_string())?;
        to.put(credential.endpoint(endpoint))?;
        say!("Server, a line of its credentials:\n  public-key file:{word}.pub.pem {endpoint}");
        say!("Client, an instance of the Security object (0):");
        say!("  /0/x/0 coaps://HOST:5684   /0/x/2 1   /0/x/3 {files}.pub.der   /0/x/5 {files}.key.der");
        say!("  /0/x/4 the server's SubjectPublicKeyInfo");
        say!("Program client:\n  --server coaps://HOST --endpoint '{endpoint}' --key {files}.key.pem \\");
        say!("    --server-key (the server's NAME.pub.pem)");
        say!("Leshan, page Security, mode RPK, key:\n  {}", hex(&spki));
    }
    say!("GnuTLS, to try it:\n  gnutls-cli --udp HOST -p 5684 --priority NORMAL:-CTYPE-ALL:+CTYPE-RAWPK \\");
    say!("    --rawpkkeyfile {files}.key.pem --rawpkfile {files}.pub.pem --no-ca-verification");
    Ok(())
}

fn authority(name: &str, directory: &Directory, days: u32, to: &To) -> Result<(), String> {
    let made = keys::authority(name, days)?;
    let stem = stem(name);
    directory.write_certificate(&stem, &made)?;
    to.put(Credential::Authority(made.der))?;
    let files = directory.0.join(&stem);
    let word = word(&files);
    let files = files.display();
    say!("certificate     {files}.pem, {files}.der, good for {days} days");
    say!("private key     {files}.key.pem, {files}.key.der: only to sign with; keep it away from servers\n");
    say!("Server, a line of its credentials, to trust devices that it signs:\n  authority file:{word}.pem");
    say!("Client, in the Security object (0), to trust servers that it signs:");
    say!("  /0/x/2 2   /0/x/4 {files}.der   /0/x/15 2");
    say!("Next:\n  keys certificate ENDPOINT --authority {stem}");
    Ok(())
}

fn certificate(
    name: &str,
    authority: &str,
    hosts: Vec<String>,
    directory: &Directory,
    days: u32,
    to: &To,
) -> Result<(), String> {
    let authority = stem(authority);
    let by = directory.read_certificate(&authority)?;
    let is_server = !hosts.is_empty();
    if is_server {
        to.is_free(&CredentialId::OwnCertificate(None))?;
    }
    let holder = if is_server { Holder::Server(hosts) } else { Holder::Device };
    let made = keys::certificate(&by, name, &holder, days)?;
    let stem = stem(name);
    directory.write_certificate(&stem, &made)?;
    let files = directory.0.join(&stem);
    let word = word(&files);
    let files = files.display();
    let of_authority = directory.0.join(&authority);
    let of_authority = of_authority.display();
    say!("certificate     {files}.pem, {files}.der, good for {days} days");
    say!("private key     {files}.key.pem, {files}.key.der (PKCS#8)\n");
    if is_server {
        to.put(own(&made))?;
        say!("Server, a line of its credentials:\n  own-certificate * file:{word}.key.pem file:{word}.pem");
        say!("Client, in the Security object (0), one of:");
        say!(
            "  /0/x/2 2   /0/x/4 {of_authority}.der   /0/x/15 2    any server that the authority signs, by its name"
        );
        say!("  /0/x/2 2   /0/x/4 {files}.der   /0/x/15 3    this certificate and no other");
        say!("OpenSSL, to try a client against such a server:");
        say!("  openssl s_server -dtls1_2 -port 5684 -cert {files}.pem -key {files}.key.pem \\");
        say!("    -Verify 1 -CAfile {of_authority}.pem -cipher ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0");
    } else {
        say!("Server: nothing, if it trusts the authority; the endpoint name is the common name.");
        say!("Client, an instance of the Security object (0):");
        say!("  /0/x/0 coaps://HOST:5684   /0/x/2 2   /0/x/3 {files}.der   /0/x/5 {files}.key.der");
        say!("Program client:\n  --server coaps://HOST --endpoint '{name}' --key {files}.key.pem \\");
        say!("    --certificate {files}.pem --authority {of_authority}.pem");
        say!("Leshan, page Security, mode X.509, endpoint:\n  {name}");
        say!("OpenSSL, to try it:");
        say!("  openssl s_client -dtls1_2 -connect HOST:5684 -cert {files}.pem -key {files}.key.pem \\");
        say!("    -CAfile {of_authority}.pem -cipher ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0");
    }
    Ok(())
}

fn smartcard(card: &Card) -> Result<(), String> {
    card.keys.check(card.bootstrap.iter().chain(&card.server).map(String::as_str))?;
    let bootstrap = card.bootstrap.as_ref().map(|uri| card.keys.account(1, uri)).transpose()?;
    let bootstrap = bootstrap.map(|account| BootstrapAccount::new(account.target().clone()));
    let servers = (1..).zip(&card.server).map(|(id, uri)| card.keys.account(id, uri));
    let servers = servers.map(|account| account.map(|account| account.lifetime(card.lifetime)));
    let image = CardImage::new().accounts(bootstrap.as_ref(), &servers.collect::<Result<Vec<_>, _>>()?);
    let directory = card.directory.display();
    image.write_to(&card.directory).map_err(|error| format!("{directory}: {error}"))?;
    say!("{} files in {directory}\n", image.files().len());
    say!("Program client:\n  --smartcard '{directory}' --endpoint NAME");
    Ok(())
}

fn own(made: &Certified) -> Credential {
    let key: Secret = made.key.to_pkcs8();
    let chain: Vec<Bytes> = vec![made.der.clone()];
    Credential::OwnCertificate { chain, key, host: None }
}

impl To {
    /// Peers may be using what is in the file under this name.
    fn is_free(&self, id: &CredentialId) -> Result<(), String> {
        let Some(path) = &self.credentials else { return Ok(()) };
        let keys = FileKeys::open(path).map_err(|error| error.to_string())?;
        if !keys.ids().contains(id) {
            return Ok(());
        }
        let way = match id {
            CredentialId::Psk(_) => "give the new key another --identity, or take the line out",
            _ => "take the line out first",
        };
        Err(format!("{} has `{id}` already: {way}", path.display()))
    }

    /// Into the file, if one is named. Sessions of a server that runs end when it reads the file again.
    fn put(&self, credential: Credential) -> Result<(), String> {
        let Some(path) = &self.credentials else { return Ok(()) };
        let id = credential.id();
        self.put_all(vec![credential])?;
        say!("into {}: {id}\n", path.display());
        Ok(())
    }

    fn put_all(&self, credentials: Vec<Credential>) -> Result<(), String> {
        let Some(path) = &self.credentials else { return Ok(()) };
        FileKeys::open(path).and_then(|keys| keys.put_all(credentials)).map_err(|error| error.to_string())
    }
}
