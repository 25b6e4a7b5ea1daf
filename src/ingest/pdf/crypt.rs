//! Decrypts what is encrypted with an empty password (ISO 32000-2, 7.6).
//!
//! lopdf knows the methods. The key of revision 6 (AES-256) is computed here: the standard makes that costly, and one hash is
//! enough where the permissions, encrypted with the key, tell whether it is right.

use std::collections::BTreeMap;
use std::sync::Arc;

use aes::cipher::{BlockCipherDecrypt, BlockModeDecrypt, BlockModeEncrypt, KeyInit, KeyIvInit};
use lopdf::encryption::EncryptionState;
use lopdf::encryption::crypt_filters::{CryptFilter, IdentityCryptFilter};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::foreign;
use super::value::{Dictionary, Object, ObjectId, Stream};

/// What decrypts a file's strings and streams.
pub(super) struct Cipher {
    key: Vec<u8>,
    strings: Arc<dyn CryptFilter>,
    streams: Arc<dyn CryptFilter>,
    /// The file's filters by name; a stream may ask for one of them.
    named: BTreeMap<Vec<u8>, Arc<dyn CryptFilter>>,
    /// True if metadata are encrypted too.
    metadata: bool,
}

impl Cipher {
    /// The cipher of an encryption dictionary; none if its password is not empty or the method unknown.
    pub(super) fn open(encrypt: &Dictionary, file_id: Option<&Object>) -> Option<Cipher> {
        let mut doc = lopdf::Document::new();
        doc.objects.insert((1, 0), lopdf::Object::Dictionary(foreign::give_dictionary(encrypt)));
        doc.trailer.set("Encrypt", lopdf::Object::Reference((1, 0)));
        if let Some(id) = file_id {
            doc.trailer.set("ID", foreign::give(id));
        }
        let number = |key: &[u8]| match encrypt.get(key) {
            Some(Object::Number(n)) => Some(*n as i64),
            _ => None,
        };
        if number(b"V") == Some(5)
            && number(b"R") == Some(6)
            && let Some(key) = key_of_revision_6(encrypt, number(b"P")?)
        {
            let named = doc.get_crypt_filters();
            let filter = |key: &[u8]| match encrypt.get(key) {
                Some(Object::Name(name)) if **name != *b"Identity" => named.get(&**name).cloned(),
                _ => Some(Arc::new(IdentityCryptFilter) as Arc<dyn CryptFilter>),
            };
            let metadata = encrypt.get(b"EncryptMetadata") != Some(&Object::Boolean(false));
            return Some(Cipher { key, strings: filter(b"StrF")?, streams: filter(b"StmF")?, named, metadata });
        }
        let state = EncryptionState::decode(&doc, b"").ok()?;
        Some(Cipher {
            key: state.file_encryption_key().to_vec(),
            strings: state.get_string_filter(),
            streams: state.get_stream_filter(),
            named: state.crypt_filters().clone(),
            metadata: state.encrypt_metadata(),
        })
    }

    /// Decrypts the strings of an object, those of the dictionary of a stream too. What cannot be decrypted stays.
    pub(super) fn strings(&self, id: ObjectId, object: &mut Object) {
        let dict = match object {
            Object::Dictionary(dict) => Some(&*dict),
            Object::Stream(stream) => Some(&stream.dict),
            _ => None,
        };
        if dict.is_some_and(|d| self.is_clear(d)) {
            return;
        }
        if let Ok(key) = self.strings.compute_key(&self.key, id) {
            self.strings_inside(&key, object);
        }
    }

    fn strings_inside(&self, key: &[u8], object: &mut Object) {
        match object {
            Object::String(text) => {
                if let Ok(plain) = self.strings.decrypt(key, text) {
                    *text = plain;
                }
            }
            Object::Array(items) => items.iter_mut().for_each(|o| self.strings_inside(key, o)),
            Object::Dictionary(dict) => self.strings_of(key, dict),
            Object::Stream(stream) => self.strings_of(key, &mut stream.dict),
            _ => {}
        }
    }

    fn strings_of(&self, key: &[u8], dict: &mut Dictionary) {
        // What a signature is of stays in clear (7.6.2).
        let signature = is_type(dict, b"Sig")
            || is_type(dict, b"DocTimeStamp")
            || (dict.has(b"ByteRange") && dict.has(b"Contents"));
        for (name, value) in dict.values_mut() {
            if !(signature && name == b"Contents") {
                self.strings_inside(key, value);
            }
        }
    }

    /// A stream's data in clear; none if they are so already or cannot be decrypted.
    pub(super) fn stream(&self, id: ObjectId, stream: &Stream, data: &[u8]) -> Option<Vec<u8>> {
        if self.is_clear(&stream.dict) {
            return None;
        }
        let filter = match own_filter(&stream.dict) {
            Some(name) => name.and_then(|n| self.named.get(n).cloned()).unwrap_or(Arc::new(IdentityCryptFilter)),
            None => Arc::clone(&self.streams),
        };
        filter.decrypt(&filter.compute_key(&self.key, id).ok()?, data).ok()
    }

    /// True for what is never encrypted.
    fn is_clear(&self, dict: &Dictionary) -> bool {
        is_type(dict, b"XRef") || (!self.metadata && is_type(dict, b"Metadata"))
    }
}

/// True if a file is encrypted but for its pages: only what is attached needs a password.
pub(super) fn encrypts_nothing(encrypt: &Object) -> bool {
    let Object::Dictionary(dict) = encrypt else { return false };
    let identity = |key: &[u8]| match dict.get(key) {
        None => true,
        Some(filter) => matches!(filter, Object::Name(name) if **name == *b"Identity"),
    };
    let version = matches!(dict.get(b"V"), Some(Object::Number(v)) if *v >= 4.0);
    version && identity(b"StmF") && identity(b"StrF")
}

fn is_type(dict: &Dictionary, kind: &[u8]) -> bool {
    matches!(dict.get(b"Type"), Some(Object::Name(name)) if **name == *kind)
}

/// The name of the filter that a stream asks for instead of the file's, if it asks for one.
fn own_filter(dict: &Dictionary) -> Option<Option<&[u8]>> {
    let is_crypt = |o: &Object| matches!(o, Object::Name(name) if **name == *b"Crypt");
    let at = match dict.get(b"Filter")? {
        Object::Array(filters) => filters.iter().position(is_crypt)?,
        filter => is_crypt(filter).then_some(0)?,
    };
    let params = match dict.get(b"DecodeParms") {
        Some(Object::Array(list)) => list.get(at),
        single => single,
    };
    // Without a name it is the one that leaves all as it is (7.4.10).
    Some(match params {
        Some(Object::Dictionary(params)) => match params.get(b"Name") {
            Some(Object::Name(name)) => Some(name),
            _ => None,
        },
        _ => None,
    })
}

/// The file's key by the empty user password (algorithm 2.A), if the permissions in it agree with the key.
fn key_of_revision_6(encrypt: &Dictionary, permissions: i64) -> Option<Vec<u8>> {
    let string = |key: &[u8], length: usize| match encrypt.get(key) {
        Some(Object::String(bytes)) => bytes.get(..length),
        _ => None,
    };
    let user = string(b"U", 48)?;
    let salt = user.get(40..48)?;
    let middle = hash_of_revision_6(salt)?;
    let mut key: [u8; 32] = string(b"UE", 32)?.try_into().ok()?;
    let mut unlock = cbc::Decryptor::<aes::Aes256>::new(&middle.into(), &[0; 16].into());
    for block in key.as_chunks_mut::<16>().0 {
        unlock.decrypt_block(block.into());
    }
    let mut said: [u8; 16] = string(b"Perms", 16)?.try_into().ok()?;
    aes::Aes256::new(&key.into()).decrypt_block((&mut said).into());
    let right = said.get(9..12) == Some(b"adb") && said.get(..4) == Some(&(permissions as u32).to_le_bytes());
    right.then(|| key.to_vec())
}

/// The hash of an empty password with a salt (algorithm 2.B).
fn hash_of_revision_6(salt: &[u8]) -> Option<[u8; 32]> {
    /// Rounds that are always done; each after them may be the last.
    const ROUNDS: u32 = 64;
    /// Copies of the last hash that a round encrypts.
    const COPIES: usize = 64;
    let mut hash = [0u8; 64];
    let mut length = 32;
    hash.get_mut(..32)?.copy_from_slice(&Sha256::digest(salt));
    let mut input: Vec<u8> = Vec::with_capacity(COPIES * 64);
    for round in 1u32.. {
        let last = hash.get(..length)?;
        input.clear();
        for _ in 0..COPIES {
            input.extend_from_slice(last);
        }
        let key: [u8; 16] = last.get(..16)?.try_into().ok()?;
        let start: [u8; 16] = last.get(16..32)?.try_into().ok()?;
        let mut lock = cbc::Encryptor::<aes::Aes128>::new(&key.into(), &start.into());
        for block in input.as_chunks_mut::<16>().0 {
            lock.encrypt_block(block.into());
        }
        let sum: u32 = input.iter().take(16).map(|b| u32::from(*b)).sum();
        length = match sum % 3 {
            0 => put(&mut hash, &Sha256::digest(&input)),
            1 => put(&mut hash, &Sha384::digest(&input)),
            _ => put(&mut hash, &Sha512::digest(&input)),
        };
        let end = input.last().copied().map_or(0, u32::from);
        if round >= ROUNDS && end <= round - 32 {
            break;
        }
    }
    hash.get(..32)?.try_into().ok()
}

/// Puts a digest where the last one was; gives its length.
fn put(hash: &mut [u8; 64], digest: &[u8]) -> usize {
    hash.iter_mut().zip(digest).for_each(|(to, from)| *to = *from);
    digest.len()
}
