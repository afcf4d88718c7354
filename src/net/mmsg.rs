//! Many datagrams with one system call: recvmmsg and sendmmsg.
//!
//! The only file with `unsafe`. A ring owns the headers that the kernel reads together with the
//! memory that they point to, which is on the heap, never moves and is never handed out but as plain
//! bytes; both go together. What the kernel writes (lengths, flags, addresses, control messages) is
//! read back by value.

#![expect(unsafe_code, reason = "recvmmsg and sendmmsg have no safe wrapper that can be reused")]

use std::io;
use std::mem::{size_of, zeroed};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// Datagrams in one system call.
pub const BATCH: usize = 32;

/// Room for a time stamp and a packet's destination.
const CONTROL_BYTES: usize = 96;

/// Control messages, aligned as the kernel wants them.
#[derive(Clone, Copy)]
#[repr(align(8))]
struct Control([u8; CONTROL_BYTES]);

/// What the kernel says of a datagram.
#[derive(Debug, Clone, Copy)]
pub struct Envelope {
    /// From where it came, or whereto it goes; `None`: no IP address.
    pub peer: Option<SocketAddr>,
    /// The address of ours that it was sent to, on a socket that is bound to all of them: the answer
    /// leaves from there.
    pub local: Option<IpAddr>,
    /// When the kernel got it (Unix nanoseconds).
    pub arrived_ns: Option<i64>,
    /// Bytes of it in the buffer.
    pub len: usize,
    /// Whether it was longer than the buffer.
    pub truncated: bool,
}

impl Envelope {
    const EMPTY: Self =
        Self { peer: None, local: None, arrived_ns: None, len: 0, truncated: false };
}

/// Headers for one batch, with the memory that they point to.
struct Ring {
    headers: Box<[libc::mmsghdr]>,
    iovecs: Box<[libc::iovec]>,
    names: Box<[libc::sockaddr_storage]>,
    controls: Box<[Control]>,
}

// SAFETY: the pointers lead only to heap memory that the ring, and the box that holds it, own alone;
// another thread may use them as well as this one.
unsafe impl Send for Ring {}

impl Ring {
    fn new() -> Self {
        // SAFETY: these C structs are plain numbers and pointers; all zeros is a valid value.
        let (header, iovec, name): (libc::mmsghdr, libc::iovec, libc::sockaddr_storage) =
            unsafe { zeroed() };
        let mut ring = Self {
            headers: vec![header; BATCH].into(),
            iovecs: vec![iovec; BATCH].into(),
            names: vec![name; BATCH].into(),
            controls: vec![Control([0; CONTROL_BYTES]); BATCH].into(),
        };
        for ((header, iovec), name) in
            ring.headers.iter_mut().zip(&mut ring.iovecs).zip(&mut ring.names)
        {
            header.msg_hdr.msg_name = ptr::from_mut(name).cast();
            header.msg_hdr.msg_iov = iovec;
            header.msg_hdr.msg_iovlen = 1;
        }
        ring
    }
}

/// Buffers for one batch of datagrams.
pub struct Inbox {
    ring: Ring,
    bytes: Vec<u8>,
    datagram_max: usize,
    envelopes: [Envelope; BATCH],
    /// Headers that the kernel wrote to: their lengths are set again before the next batch.
    used: usize,
}

impl Inbox {
    /// Buffers for datagrams of up to `datagram_max` bytes.
    #[must_use]
    pub fn new(datagram_max: usize) -> Self {
        let mut inbox = Self {
            ring: Ring::new(),
            bytes: vec![0; datagram_max * BATCH],
            datagram_max,
            envelopes: [Envelope::EMPTY; BATCH],
            used: BATCH,
        };
        let ring = &mut inbox.ring;
        let buffers = inbox.bytes.chunks_exact_mut(datagram_max);
        for ((iovec, header), (buffer, control)) in
            ring.iovecs.iter_mut().zip(&mut ring.headers).zip(buffers.zip(&mut ring.controls))
        {
            iovec.iov_base = buffer.as_mut_ptr().cast();
            iovec.iov_len = buffer.len();
            header.msg_hdr.msg_control = control.0.as_mut_ptr().cast();
        }
        inbox
    }

    /// Takes what has arrived, up to [`BATCH`] datagrams; gives their number. Does not wait.
    ///
    /// # Errors
    /// The kernel's: `WouldBlock` when nothing has arrived.
    pub fn receive(&mut self, socket: BorrowedFd<'_>) -> io::Result<usize> {
        let ring = &mut self.ring;
        for header in ring.headers.iter_mut().take(self.used) {
            header.msg_hdr.msg_namelen = size_of::<libc::sockaddr_storage>() as libc::socklen_t;
            header.msg_hdr.msg_controllen = CONTROL_BYTES as _;
        }
        // SAFETY: `headers` has BATCH entries; each points to a name, an iovec over its own part of
        // `bytes` and a control buffer, all owned by `self`, which is borrowed alone until this
        // returns, and none of which is ever resized.
        let received = unsafe {
            libc::recvmmsg(
                socket.as_raw_fd(),
                ring.headers.as_mut_ptr(),
                BATCH as _,
                libc::MSG_DONTWAIT,
                ptr::null_mut(),
            )
        };
        let count = usize::try_from(received).map_err(|_| io::Error::last_os_error())?;
        self.used = count;
        for ((envelope, header), name) in
            self.envelopes.iter_mut().zip(&ring.headers).zip(&ring.names).take(count)
        {
            *envelope = Envelope {
                peer: address_of(name),
                len: (header.msg_len as usize).min(self.datagram_max),
                truncated: header.msg_hdr.msg_flags & libc::MSG_TRUNC != 0,
                ..Envelope::EMPTY
            };
            read_control(&header.msg_hdr, envelope);
        }
        Ok(count)
    }

    /// Envelope and bytes of the datagrams of the last batch.
    pub fn datagrams(&self, count: usize) -> impl Iterator<Item = (&Envelope, &[u8])> {
        self.envelopes
            .iter()
            .zip(self.bytes.chunks_exact(self.datagram_max))
            .take(count)
            .map(|(envelope, buffer)| (envelope, buffer.get(..envelope.len).unwrap_or_default()))
    }
}

/// Datagrams to be sent; their memory is used again.
pub struct Outbox {
    ring: Ring,
    bytes: Vec<Vec<u8>>,
    envelopes: [Envelope; BATCH],
    count: usize,
    /// Bytes that a buffer keeps.
    expected: usize,
}

impl Outbox {
    /// Room for [`BATCH`] datagrams of about `expected` bytes.
    #[must_use]
    pub fn new(expected: usize) -> Self {
        Self {
            ring: Ring::new(),
            bytes: (0..BATCH).map(|_| Vec::with_capacity(expected)).collect(),
            envelopes: [Envelope::EMPTY; BATCH],
            count: 0,
            expected,
        }
    }

    /// The buffer of the next datagram; [`Outbox::post`] adds it.
    pub fn open(&mut self) -> Option<&mut Vec<u8>> {
        self.bytes.get_mut(self.count)
    }

    /// Addresses what was written to [`Outbox::open`] to where `envelope` came from.
    pub fn post(&mut self, envelope: &Envelope) {
        if let Some(place) = self.envelopes.get_mut(self.count) {
            *place = *envelope;
            self.count += 1;
        }
    }

    /// How many datagrams wait.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Empties it. A buffer that one answer made large gives its memory back.
    pub fn clear(&mut self) {
        for bytes in self.bytes.iter_mut().take(self.count) {
            if bytes.capacity() > 2 * self.expected {
                bytes.clear();
                bytes.shrink_to(self.expected);
            }
        }
        self.count = 0;
    }

    /// Sends the datagrams from the `from`th on; gives how many the kernel took. Does not wait.
    ///
    /// # Errors
    /// The kernel's, for the first of them: `WouldBlock` when its buffer is full.
    pub fn send(&mut self, socket: BorrowedFd<'_>, from: usize) -> io::Result<usize> {
        let ring = &mut self.ring;
        let posted = self.bytes.iter_mut().zip(&self.envelopes).take(self.count).skip(from);
        let mut count = 0;
        for ((((header, iovec), name), control), (bytes, envelope)) in ring
            .headers
            .iter_mut()
            .zip(&mut ring.iovecs)
            .zip(&mut ring.names)
            .zip(&mut ring.controls)
            .zip(posted)
        {
            iovec.iov_base = bytes.as_mut_ptr().cast();
            iovec.iov_len = bytes.len();
            header.msg_hdr.msg_namelen = envelope.peer.map_or(0, |peer| write_address(peer, name));
            header.msg_hdr.msg_control = ptr::null_mut();
            header.msg_hdr.msg_controllen = 0;
            if let Some(local) = envelope.local {
                write_local(local, &mut header.msg_hdr, control);
            }
            count += 1;
        }
        // SAFETY: the first `count` headers point to a name and a control buffer of the ring and to
        // an iovec over bytes, all owned by `self`, which is borrowed alone until this returns; the
        // kernel only reads.
        let sent = unsafe {
            libc::sendmmsg(
                socket.as_raw_fd(),
                ring.headers.as_mut_ptr(),
                count,
                libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL,
            )
        };
        usize::try_from(sent).map_err(|_| io::Error::last_os_error())
    }
}

/// Reads an address that the kernel wrote.
fn address_of(name: &libc::sockaddr_storage) -> Option<SocketAddr> {
    match i32::from(name.ss_family) {
        libc::AF_INET => {
            // SAFETY: the family says which struct the kernel wrote; the storage is larger than
            // it, suitably aligned, and every bit pattern is a valid value.
            let v4 = unsafe { &*ptr::from_ref(name).cast::<libc::sockaddr_in>() };
            let ip = Ipv4Addr::from(u32::from_be(v4.sin_addr.s_addr));
            Some(SocketAddrV4::new(ip, u16::from_be(v4.sin_port)).into())
        }
        libc::AF_INET6 => {
            // SAFETY: as above.
            let v6 = unsafe { &*ptr::from_ref(name).cast::<libc::sockaddr_in6>() };
            let ip = Ipv6Addr::from(v6.sin6_addr.s6_addr);
            let port = u16::from_be(v6.sin6_port);
            Some(SocketAddrV6::new(ip, port, v6.sin6_flowinfo, v6.sin6_scope_id).into())
        }
        _ => None,
    }
}

/// Writes an address for the kernel; gives its length.
fn write_address(address: SocketAddr, name: &mut libc::sockaddr_storage) -> libc::socklen_t {
    match address {
        SocketAddr::V4(address) => {
            // SAFETY: the storage is larger than the struct, suitably aligned, and ours alone.
            let v4 = unsafe { &mut *ptr::from_mut(name).cast::<libc::sockaddr_in>() };
            v4.sin_family = libc::AF_INET as libc::sa_family_t;
            v4.sin_port = address.port().to_be();
            v4.sin_addr.s_addr = u32::from(*address.ip()).to_be();
            size_of::<libc::sockaddr_in>() as libc::socklen_t
        }
        SocketAddr::V6(address) => {
            // SAFETY: as above.
            let v6 = unsafe { &mut *ptr::from_mut(name).cast::<libc::sockaddr_in6>() };
            v6.sin6_family = libc::AF_INET6 as libc::sa_family_t;
            v6.sin6_port = address.port().to_be();
            v6.sin6_addr.s6_addr = address.ip().octets();
            v6.sin6_flowinfo = address.flowinfo();
            v6.sin6_scope_id = address.scope_id();
            size_of::<libc::sockaddr_in6>() as libc::socklen_t
        }
    }
}

/// Reads the control messages that the kernel wrote.
fn read_control(header: &libc::msghdr, envelope: &mut Envelope) {
    // SAFETY: `header` describes a control buffer that the kernel filled and that is still alive;
    // the macros walk within its length. The data of each message is copied out unaligned, and is
    // as long as its level and type say.
    unsafe {
        let mut message = libc::CMSG_FIRSTHDR(header);
        while let Some(head) = message.as_ref() {
            let data = libc::CMSG_DATA(message);
            match (head.cmsg_level, head.cmsg_type) {
                (libc::SOL_SOCKET, libc::SCM_TIMESTAMPNS) => {
                    let time: libc::timespec = ptr::read_unaligned(data.cast());
                    envelope.arrived_ns =
                        time.tv_sec.checked_mul(1_000_000_000).map(|ns| ns + time.tv_nsec);
                }
                (libc::IPPROTO_IP, libc::IP_PKTINFO) => {
                    let info: libc::in_pktinfo = ptr::read_unaligned(data.cast());
                    let ip = Ipv4Addr::from(u32::from_be(info.ipi_spec_dst.s_addr));
                    envelope.local = Some(ip.into());
                }
                (libc::IPPROTO_IPV6, libc::IPV6_PKTINFO) => {
                    let info: libc::in6_pktinfo = ptr::read_unaligned(data.cast());
                    envelope.local = Some(Ipv6Addr::from(info.ipi6_addr.s6_addr).into());
                }
                _ => {}
            }
            message = libc::CMSG_NXTHDR(header, message);
        }
    }
}

/// Writes the control message that makes a datagram leave from `local`.
fn write_local(local: IpAddr, header: &mut libc::msghdr, control: &mut Control) {
    // SAFETY: all zeros is a valid value of both structs, which are plain numbers.
    let (mut v4, mut v6): (libc::in_pktinfo, libc::in6_pktinfo) = unsafe { zeroed() };
    match local {
        IpAddr::V4(ip) => {
            v4.ipi_spec_dst.s_addr = u32::from(ip).to_be();
            write_control(libc::IPPROTO_IP, libc::IP_PKTINFO, v4, header, control);
        }
        IpAddr::V6(ip) => {
            v6.ipi6_addr.s6_addr = ip.octets();
            write_control(libc::IPPROTO_IPV6, libc::IPV6_PKTINFO, v6, header, control);
        }
    }
}

fn write_control<T: Copy>(
    level: libc::c_int,
    kind: libc::c_int,
    data: T,
    header: &mut libc::msghdr,
    control: &mut Control,
) {
    header.msg_control = control.0.as_mut_ptr().cast();
    // SAFETY: the control buffer has room for one message of either struct (CMSG_SPACE of 20 bytes
    // is 40), is aligned for its header, and lives as long as the header that points to it.
    unsafe {
        header.msg_controllen = libc::CMSG_SPACE(size_of::<T>() as libc::c_uint) as _;
        let message = libc::CMSG_FIRSTHDR(header);
        if let Some(head) = message.as_mut() {
            head.cmsg_level = level;
            head.cmsg_type = kind;
            head.cmsg_len = libc::CMSG_LEN(size_of::<T>() as libc::c_uint) as _;
            ptr::write_unaligned(libc::CMSG_DATA(message).cast(), data);
        }
    }
}

/// Asks the kernel for time stamps, and on a socket bound to all addresses for the one meant.
///
/// # Errors
/// The kernel's.
pub fn prepare(socket: &std::net::UdpSocket) -> io::Result<()> {
    set_option(socket, libc::SOL_SOCKET, libc::SO_TIMESTAMPNS)?;
    let own = socket.local_addr()?;
    match own.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => {
            set_option(socket, libc::IPPROTO_IP, libc::IP_PKTINFO)
        }
        IpAddr::V6(ip) if ip.is_unspecified() => {
            set_option(socket, libc::IPPROTO_IPV6, libc::IPV6_RECVPKTINFO)
        }
        _ => Ok(()),
    }
}

/// The socket as tokio waits for it: for datagrams alone. An interest in room to send would wake the
/// thread once more for each answer that leaves.
///
/// # Errors
/// The kernel's, or that there is no runtime.
pub fn wait_readable(socket: std::net::UdpSocket) -> io::Result<AsyncFd<std::net::UdpSocket>> {
    // SAFETY: a standard socket owns its descriptor, gives the same one as long as it lives, and lives
    // as long as what is returned here.
    unsafe { AsyncFd::register_with_interest(socket, Interest::READABLE) }.map_err(Into::into)
}

fn set_option(
    socket: &std::net::UdpSocket,
    level: libc::c_int,
    name: libc::c_int,
) -> io::Result<()> {
    let on: libc::c_int = 1;
    // SAFETY: the option's value is one int, which lives until the call ends.
    let result = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            level,
            name,
            ptr::from_ref(&on).cast(),
            size_of::<libc::c_int>() as libc::socklen_t,
        )
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::UdpSocket;
    use std::os::fd::AsFd;

    fn bound(address: &str) -> UdpSocket {
        let socket = UdpSocket::bind(address).unwrap();
        prepare(&socket).unwrap();
        socket
    }

    #[test]
    fn a_batch_keeps_each_datagram_whole_and_says_when_one_was_cut() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let server = bound(address);
            let client = bound(address);
            for text in ["one", "", "longer than eight bytes"] {
                client.send_to(text.as_bytes(), server.local_addr().unwrap()).unwrap();
            }
            let mut inbox = Inbox::new(8);
            assert_eq!(inbox.receive(server.as_fd()).unwrap(), 3);
            let got: Vec<_> = inbox
                .datagrams(3)
                .map(|(envelope, bytes)| {
                    assert_eq!(envelope.peer, Some(client.local_addr().unwrap()));
                    assert!(envelope.arrived_ns.is_some());
                    (bytes.to_vec(), envelope.truncated)
                })
                .collect();
            assert_eq!(
                got,
                [(b"one".to_vec(), false), (b"".to_vec(), false), (b"longer t".to_vec(), true)]
            );
            let error = inbox.receive(server.as_fd()).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
        }
    }

    #[test]
    fn an_answer_leaves_from_the_address_that_was_asked() {
        let server = bound("0.0.0.0:0");
        let port = server.local_addr().unwrap().port();
        let client = bound("127.0.0.1:0");
        client.send_to(b"hello", ("127.0.0.7", port)).unwrap();
        let mut inbox = Inbox::new(64);
        let mut outbox = Outbox::new(64);
        assert_eq!(inbox.receive(server.as_fd()).unwrap(), 1);
        for (envelope, bytes) in inbox.datagrams(1) {
            outbox.open().unwrap().extend_from_slice(bytes);
            outbox.post(envelope);
        }
        assert_eq!(outbox.send(server.as_fd(), 0).unwrap(), 1);
        let mut buffer = [0; 64];
        let (len, from) = client.recv_from(&mut buffer).unwrap();
        assert_eq!(&buffer[..len], b"hello");
        assert_eq!(from, SocketAddr::from(([127, 0, 0, 7], port)));
    }
}
