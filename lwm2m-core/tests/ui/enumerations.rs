use lwm2m_core::Enumeration;

#[derive(Enumeration, Clone)]
struct NoEnum;

#[derive(Enumeration, Clone)]
enum Empty {}

#[derive(Enumeration, Clone)]
#[enumeration(signed)]
enum Unknown {
    A,
}

#[derive(Enumeration, Clone)]
enum Holding {
    A,
    B(i64),
}

#[derive(Enumeration, Clone)]
enum Others {
    A,
    #[enumeration(other)]
    Text(String),
    #[enumeration(other)]
    Other(i64),
    #[enumeration(other)]
    Another(i64),
    #[enumeration(rest)]
    Rest(i64),
}

const TWO: isize = 2;

#[derive(Enumeration, Clone)]
#[enumeration(unsigned)]
enum Numbers {
    Named = TWO,
    Negative = -1,
}

fn main() {}
