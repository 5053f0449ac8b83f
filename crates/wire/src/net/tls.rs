//! Whose word is taken for who a server is.

use std::sync::{Arc, OnceLock};

use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::Trouble;

/// Whose word is taken for who a server is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Trust {
    /// The authorities that this machine trusts.
    #[default]
    Machine,
    /// These as well: certificates in PEM form, of a firm's own authority or of its own server.
    Also(Arc<str>),
}

impl Trust {
    /// The certificates that were given besides the machine's.
    pub(crate) fn extra(&self) -> Result<Vec<CertificateDer<'static>>, Trouble> {
        let Trust::Also(pem) = self else { return Ok(Vec::new()) };
        let bad = |e: rustls::pki_types::pem::Error| Trouble::BadAuthority(e.to_string());
        let all: Vec<_> =
            CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().map_err(bad)?;
        match all.is_empty() {
            true => Err(Trouble::BadAuthority("no certificate in it".to_owned())),
            false => Ok(all),
        }
    }

    pub(crate) fn config(&self) -> Result<Arc<ClientConfig>, Trouble> {
        let mut roots = machine().clone();
        for certificate in self.extra()? {
            roots.add(certificate).map_err(|e| Trouble::BadAuthority(e.to_string()))?;
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| Trouble::BadAuthority(e.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Arc::new(config))
    }
}

/// What this machine trusts, read once.
fn machine() -> &'static RootCertStore {
    static ROOTS: OnceLock<RootCertStore> = OnceLock::new();
    ROOTS.get_or_init(|| {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        roots
    })
}
