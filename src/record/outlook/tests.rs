use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

#[test]
fn what_is_packed_comes_back_and_what_is_cut_off_is_refused() {
    let contact = Contact {
        inward: vec![at(-5), at(7), at(1_750_000_000)],
        outward: vec![at(1_750_000_100)],
        complaints: vec![Said { at: at(3), message: NaturalKey(u64::MAX), confidence: 0.75 }],
        departures: Vec::new(),
        pairs: vec![Pair {
            address: AddressId(9),
            staff: StaffId(-4),
            heard: 3,
            told: 0,
            last: at(1_750_000_100),
        }],
        answers: vec![answer(at(1), at(2), at(3), Ending::Moved, vec![Of::Message(NaturalKey(5))])],
        likeness: 1.0,
    };
    let packed = pack(&contact);
    assert_eq!(unpack(&packed).unwrap(), contact);
    assert_eq!(contact.ties(), 0, "who only writes and is never answered is no tie");
    for length in 0..packed.len() {
        assert!(unpack(&packed[..length]).is_err(), "{length}");
    }
}
