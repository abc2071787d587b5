//! The part that speaks with mbedTLS, whose structures are known to C alone.

fn main() {
    println!("cargo::rerun-if-changed=src/mbed.c");
    cc::Build::new().file("src/mbed.c").opt_level(2).warnings(true).compile("mbed");
    for library in ["mbedtls", "mbedx509", "mbedcrypto"] {
        println!("cargo::rustc-link-lib={library}");
    }
}
