//! Numbers, texts and lists in few bytes: how facts are stored and backups are written.

/// Why packed bytes were not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// They end in the middle, or go on after their end.
    #[error("the bytes are cut off or too long")]
    Length,
    /// A newer program wrote them, or they are damaged.
    #[error("the bytes hold a value ({0}) that this version does not know")]
    Unknown(u64),
}

/// Writes fields one after the other.
#[derive(Debug, Default)]
pub(crate) struct Writer(pub(crate) Vec<u8>);

impl Writer {
    pub(crate) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    /// Seven bits a byte, the lowest first; the top bit says that more follow.
    pub(crate) fn number(&mut self, mut number: u64) {
        while 0x7f < number {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    pub(crate) fn signed(&mut self, number: i64) {
        self.number(((number << 1) ^ (number >> 63)).cast_unsigned());
    }

    /// Eight bytes: for hashes, which are seldom small.
    pub(crate) fn whole(&mut self, number: u64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    pub(crate) fn real(&mut self, number: f32) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    /// Bytes with their length before them.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Writer, T)) {
        self.byte(value.is_some().into());
        if let Some(value) = value {
            write(self, value);
        }
    }

    pub(crate) fn list<T>(&mut self, values: &[T], mut write: impl FnMut(&mut Writer, &T)) {
        self.number(values.len() as u64);
        values.iter().for_each(|value| write(self, value));
    }
}

/// Reads what [`Writer`] wrote.
#[derive(Debug)]
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn byte(&mut self) -> Result<u8, Unreadable> {
        let (first, rest) = self.0.split_first().ok_or(Unreadable::Length)?;
        self.0 = rest;
        Ok(*first)
    }

    pub(crate) fn exactly<const N: usize>(&mut self) -> Result<[u8; N], Unreadable> {
        let (first, rest) = self.0.split_first_chunk().ok_or(Unreadable::Length)?;
        self.0 = rest;
        Ok(*first)
    }

    pub(crate) fn number(&mut self) -> Result<u64, Unreadable> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Unreadable::Length)
    }

    pub(crate) fn small(&mut self) -> Result<u32, Unreadable> {
        let number = self.number()?;
        u32::try_from(number).map_err(|_| Unreadable::Unknown(number))
    }

    pub(crate) fn signed(&mut self) -> Result<i64, Unreadable> {
        let number = self.number()?;
        Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    pub(crate) fn whole(&mut self) -> Result<u64, Unreadable> {
        self.exactly().map(u64::from_le_bytes)
    }

    pub(crate) fn real(&mut self) -> Result<f32, Unreadable> {
        self.exactly().map(f32::from_le_bytes)
    }

    /// Bytes that have their length before them.
    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Unreadable> {
        let length = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        let (bytes, rest) = self.0.split_at_checked(length).ok_or(Unreadable::Length)?;
        self.0 = rest;
        Ok(bytes)
    }

    pub(crate) fn option<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Unreadable>,
    ) -> Result<Option<T>, Unreadable> {
        match self.byte()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            other => Err(Unreadable::Unknown(other.into())),
        }
    }

    pub(crate) fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, Unreadable>,
    ) -> Result<Box<[T]>, Unreadable> {
        let count = self.number()?;
        // Every item takes at least a byte, so a damaged count cannot ask for more memory than there are bytes.
        if (self.0.len() as u64) < count {
            return Err(Unreadable::Length);
        }
        (0..count).map(|_| read(self)).collect()
    }
}
