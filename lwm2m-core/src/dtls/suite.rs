//! The cipher suites. [Transport 1.2 §5.2]

/// How the premaster secret comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyExchange {
    /// A pre-shared key alone. [RFC 4279 §2]
    Psk,
    /// A pre-shared key and an ephemeral Diffie-Hellman secret. [RFC 5489]
    EcdhePsk,
    /// An ephemeral Diffie-Hellman secret, signed with a raw public key or a certificate. [RFC 8422]
    EcdheEcdsa,
}

impl KeyExchange {
    /// Is there a pre-shared key?
    #[must_use]
    pub const fn has_psk(self) -> bool {
        matches!(self, Self::Psk | Self::EcdhePsk)
    }

    /// Is there an ephemeral Diffie-Hellman secret?
    #[must_use]
    pub const fn has_ecdhe(self) -> bool {
        matches!(self, Self::EcdhePsk | Self::EcdheEcdsa)
    }

    /// Does the server prove itself with a signature?
    #[must_use]
    pub const fn is_signed(self) -> bool {
        matches!(self, Self::EcdheEcdsa)
    }
}

/// How records are protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cipher {
    /// AES-128-CCM with a tag of 8 octets. [RFC 6655]
    Ccm8,
    /// AES-128-GCM. [RFC 5288]
    Gcm,
    /// AES-128-CBC with HMAC-SHA-256. [RFC 5246 §6.2.3.2]
    CbcSha256,
}

impl Cipher {
    /// Is `encrypt_then_mac` to be negotiated? [RFC 7366 §3]
    #[must_use]
    pub const fn is_cbc(self) -> bool {
        matches!(self, Self::CbcSha256)
    }

    /// Octets of each direction's MAC key.
    #[must_use]
    pub const fn mac_key(self) -> usize {
        if self.is_cbc() { 32 } else { 0 }
    }

    /// Octets of each direction's implicit nonce.
    #[must_use]
    pub const fn fixed_iv(self) -> usize {
        if self.is_cbc() { 0 } else { 4 }
    }

    /// Octets of the key block. [RFC 5246 §6.3]
    #[must_use]
    pub const fn key_block(self) -> usize {
        2 * (self.mac_key() + 16 + self.fixed_iv())
    }
}

/// A cipher suite. All use AES-128 and the PRF with SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Suite {
    /// `TLS_PSK_WITH_AES_128_CCM_8`: every LwM2M server and client with PSK has it.
    PskCcm8,
    /// `TLS_PSK_WITH_AES_128_GCM_SHA256`
    PskGcm,
    /// `TLS_PSK_WITH_AES_128_CBC_SHA256`: LwM2M 1.0.
    PskCbc,
    /// `TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256`
    EcdhePskCbc,
    /// `TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8`: raw public keys and certificates.
    EcdsaCcm8,
    /// `TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256`
    EcdsaGcm,
    /// `TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256`: LwM2M 1.0.
    EcdsaCbc,
}

struct Row {
    suite: Suite,
    id: u16,
    name: &'static str,
    exchange: KeyExchange,
    cipher: Cipher,
}

const fn row(suite: Suite, id: u16, name: &'static str, exchange: KeyExchange, cipher: Cipher) -> Row {
    Row { suite, id, name, exchange, cipher }
}

/// In the order of the variants, which is that of preference within a key exchange.
#[rustfmt::skip]
const TABLE: [Row; 7] = [
    row(Suite::PskCcm8, 0xC0A8, "TLS_PSK_WITH_AES_128_CCM_8", KeyExchange::Psk, Cipher::Ccm8),
    row(Suite::PskGcm, 0x00A8, "TLS_PSK_WITH_AES_128_GCM_SHA256", KeyExchange::Psk, Cipher::Gcm),
    row(Suite::PskCbc, 0x00AE, "TLS_PSK_WITH_AES_128_CBC_SHA256", KeyExchange::Psk, Cipher::CbcSha256),
    row(Suite::EcdhePskCbc, 0xC037, "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256", KeyExchange::EcdhePsk, Cipher::CbcSha256),
    row(Suite::EcdsaCcm8, 0xC0AE, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", KeyExchange::EcdheEcdsa, Cipher::Ccm8),
    row(Suite::EcdsaGcm, 0xC02B, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", KeyExchange::EcdheEcdsa, Cipher::Gcm),
    row(Suite::EcdsaCbc, 0xC023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", KeyExchange::EcdheEcdsa, Cipher::CbcSha256),
];

impl Suite {
    /// All of them; within a key exchange the most wanted first.
    pub const ALL: [Self; 7] = [
        Self::PskCcm8,
        Self::PskGcm,
        Self::PskCbc,
        Self::EcdhePskCbc,
        Self::EcdsaCcm8,
        Self::EcdsaGcm,
        Self::EcdsaCbc,
    ];

    /// The suite with this number of the registry.
    #[must_use]
    pub fn from_id(id: u16) -> Option<Self> {
        TABLE.iter().find(|row| row.id == id).map(|row| row.suite)
    }

    /// Its number in the registry.
    #[must_use]
    pub fn id(self) -> u16 {
        self.row().id
    }

    /// Its name in the registry.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// How its premaster secret comes about.
    #[must_use]
    pub fn exchange(self) -> KeyExchange {
        self.row().exchange
    }

    /// How it protects records.
    #[must_use]
    pub fn cipher(self) -> Cipher {
        self.row().cipher
    }

    fn row(self) -> &'static Row {
        let [ccm8, gcm, cbc, ecdhe_psk, ecdsa_ccm8, ecdsa_gcm, ecdsa_cbc] = &TABLE;
        match self {
            Self::PskCcm8 => ccm8,
            Self::PskGcm => gcm,
            Self::PskCbc => cbc,
            Self::EcdhePskCbc => ecdhe_psk,
            Self::EcdsaCcm8 => ecdsa_ccm8,
            Self::EcdsaGcm => ecdsa_gcm,
            Self::EcdsaCbc => ecdsa_cbc,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_variants() {
        for (suite, row) in Suite::ALL.into_iter().zip(&TABLE) {
            assert_eq!(suite, row.suite);
            assert_eq!(suite.row().id, row.id);
            assert_eq!(Suite::from_id(suite.id()), Some(suite));
        }
        assert_eq!(Suite::from_id(0x00FF), None);
    }

    #[test]
    fn key_blocks_have_the_sizes_of_the_standard() {
        assert_eq!((Cipher::Ccm8.key_block(), Cipher::Gcm.key_block()), (40, 40));
        assert_eq!(Cipher::CbcSha256.key_block(), 96);
    }
}
