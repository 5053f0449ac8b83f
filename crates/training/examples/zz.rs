use reading::acts::{Label, Reader};
use reading::acts::training::Seer;
use training::data;
fn main() {
    let path = std::path::PathBuf::from("/work/shared/data");
    let reader = Reader::shipped();
    let tweets = data::tweets(&Seer::default(), &path);
    let mut pts: Vec<(f32, bool, f32, usize, String)> = tweets.iter().map(|t| { let s = reader.sure(&t.seen); (s[Label::Complaint as usize], t.is(Label::Complaint), s[Label::Bulk as usize], t.sentences.len(), t.text.clone()) }).collect();
    let bulk = pts.iter().filter(|p| p.2 >= 0.5).count();
    println!("bulk {bulk} of {}", pts.len());
    pts.sort_by(|a, b| b.0.total_cmp(&a.0));
    let pos = pts.iter().filter(|p| p.1).count();
    let (mut tp, mut best) = (0, (0.0, 0.0));
    for (i, p) in pts.iter().enumerate() { tp += usize::from(p.1); let fp = i + 1 - tp; let acc = (tp + pts.len() - pos - fp) as f32 / pts.len() as f32; if acc > best.0 { best = (acc, p.0); } }
    println!("best acc {best:?}");
    for n in 1..6 { let of: Vec<_> = pts.iter().filter(|p| p.3 == n).collect(); println!("{n} sentences: {} share {:.2} mean p {:.2}", of.len(), of.iter().filter(|p| p.1).count() as f32 / of.len() as f32, of.iter().map(|p| p.0).sum::<f32>() / of.len() as f32); }
    for p in pts.iter().filter(|p| !p.1).take(25) { println!("FALSE {:.2} bulk {:.2} n{} {}", p.0, p.2, p.3, p.4); }
    for p in pts.iter().rev().filter(|p| p.1).step_by(6).take(60) { println!("MISSED {:.2} bulk {:.2} n{} {}", p.0, p.2, p.3, p.4); }
}
