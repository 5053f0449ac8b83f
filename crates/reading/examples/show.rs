use std::io::Read;
fn main() {
    let mut raw = Vec::new();
    std::io::stdin().read_to_end(&mut raw).unwrap();
    println!("{:#?}", reading::letter::parse(&raw));
}
