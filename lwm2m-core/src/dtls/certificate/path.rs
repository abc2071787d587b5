//! Paths from a certificate to an authority. [RFC 5280 §6]

use rustls_pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm, TrustAnchor,
    UnixTime, alg_id,
};
use webpki::{EndEntityCert, Error, KeyUsage, VerifiedPath, anchor_from_trusted_cert};

use super::bad;
use crate::{
    Association,
    dtls::{
        Refusal,
        key::PublicKey,
        message::{AlertDescription, Signature, SignatureAlgorithm},
        prf::sha256,
    },
};

/// Authorities, as certificates and as what a path ends in.
pub(super) struct Anchors<'a> {
    certificates: Vec<&'a CertificateDer<'a>>,
    anchors: Vec<TrustAnchor<'a>>,
}

impl<'a> Anchors<'a> {
    /// Those that can be read.
    pub(super) fn new(certificates: &'a [CertificateDer<'a>]) -> Self {
        let read = |der| anchor_from_trusted_cert(der).ok().map(|anchor| (der, anchor));
        let (certificates, anchors) = certificates.iter().filter_map(read).unzip();
        Self { certificates, anchors }
    }
}

/// A path to be found.
pub(super) struct Path<'a> {
    pub(super) leaf: &'a [u8],
    pub(super) others: &'a [CertificateDer<'a>],
    pub(super) usage: KeyUsage,
    pub(super) by_way_of: Option<&'a Association>,
}

impl Path<'_> {
    /// Is there one, at one of these moments?
    pub(super) fn check(&self, anchors: &Anchors<'_>, moments: &[UnixTime]) -> Result<(), Refusal> {
        let mut refused = bad("no moment of validity");
        for moment in moments {
            match self.find(anchors, *moment) {
                Ok(()) => return Ok(()),
                Err(error) => refused = refusal(&error),
            }
        }
        Err(refused)
    }

    fn find(&self, anchors: &Anchors<'_>, moment: UnixTime) -> Result<(), Error> {
        let der = CertificateDer::from(self.leaf);
        let leaf = EndEntityCert::try_from(&der)?;
        let passes = |path: &VerifiedPath<'_>| match self.by_way_of {
            Some(association) if !goes_by(path, anchors, association) => Err(Error::UnknownIssuer),
            _ => Ok(()),
        };
        leaf.verify_for_usage(
            &[&EcdsaP256],
            &anchors.anchors,
            self.others,
            moment,
            self.usage,
            None,
            Some(&passes),
        )?;
        Ok(())
    }
}

fn goes_by(path: &VerifiedPath<'_>, anchors: &Anchors<'_>, association: &Association) -> bool {
    let ends_in = |anchor: &TrustAnchor<'_>| {
        let end = path.anchor();
        end.subject == anchor.subject && end.subject_public_key_info == anchor.subject_public_key_info
    };
    path.intermediate_certificates().any(|between| association.matches(&between.der()))
        || anchors
            .certificates
            .iter()
            .zip(&anchors.anchors)
            .any(|(der, anchor)| ends_in(anchor) && association.matches(der))
}

/// What webpki says, as an alert.
pub(super) fn refusal(error: &Error) -> Refusal {
    let (alert, what) = match error {
        Error::CertExpired { .. } => (AlertDescription::CERTIFICATE_EXPIRED, "expired certificate"),
        Error::CertNotValidYet { .. } => {
            (AlertDescription::CERTIFICATE_EXPIRED, "certificate that is not valid yet")
        }
        Error::UnknownIssuer => (AlertDescription::UNKNOWN_CA, "issuer of the certificate"),
        Error::InvalidSignatureForPublicKey => {
            (AlertDescription::BAD_CERTIFICATE, "signature of a certificate")
        }
        Error::UnsupportedSignatureAlgorithmContext(_)
        | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            (AlertDescription::UNSUPPORTED_CERTIFICATE, "algorithm of a certificate")
        }
        Error::RequiredEkuNotFoundContext(_) => {
            (AlertDescription::UNSUPPORTED_CERTIFICATE, "extended key usage of the certificate")
        }
        Error::CaUsedAsEndEntity => (AlertDescription::BAD_CERTIFICATE, "certificate of an authority"),
        _ => (AlertDescription::BAD_CERTIFICATE, "certificate"),
    };
    Refusal::new(alert, what)
}

/// ECDSA with P-256 and SHA-256.
#[derive(Debug)]
struct EcdsaP256;

impl SignatureVerificationAlgorithm for EcdsaP256 {
    fn verify_signature(&self, key: &[u8], message: &[u8], der: &[u8]) -> Result<(), InvalidSignature> {
        let key = PublicKey::from_point(key).ok_or(InvalidSignature)?;
        let signature = Signature { algorithm: SignatureAlgorithm::ECDSA_SHA256, der };
        key.verify(&sha256(&[message]), &signature).map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_P256
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_SHA256
    }
}
