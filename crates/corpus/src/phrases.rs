//! Sentences that do something: ask, promise, chase, complain, thank. `{thing}` and `{day}` are filled in.

pub(crate) const THINGS: [&str; 24] = [
    "the draft lease",
    "the signed contract",
    "the year-end accounts",
    "the survey report",
    "our invoice",
    "the board minutes",
    "the engagement letter",
    "the revised quote",
    "the completion statement",
    "the tax return",
    "the payroll figures",
    "the site plan",
    "the licence",
    "the heads of terms",
    "the insurance certificate",
    "the audit file",
    "the VAT figures",
    "the share register",
    "the will",
    "the valuation",
    "the campaign plan",
    "the tender",
    "the witness statement",
    "the management pack",
];
pub(crate) const DAYS: [&str; 12] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "tomorrow",
    "the end of the week",
    "close of play on Thursday",
    "the 14th",
    "next Tuesday",
    "noon on Friday",
    "the end of the month",
];

pub(crate) const REQUESTS: [&str; 10] = [
    "Could you send me {thing} by {day}?",
    "Would you let me know where we stand with {thing}.",
    "Please have a look at {thing} and tell me what you think.",
    "When can I have {thing}?",
    "Can we speak about {thing} on {day}?",
    "I need your advice on {thing} before {day}.",
    "Are you able to change {thing} as we discussed?",
    "Please confirm that {thing} has gone to the other side.",
    "Do we still need {thing}, or may we leave it out?",
    "What would it cost to have {thing} done again?",
];
pub(crate) const CHASES: [&str; 6] = [
    "Any news on {thing}?",
    "I wrote to you about {thing} last week and have not heard back.",
    "Just chasing {thing}, which was promised for {day}.",
    "Has {thing} gone astray? We are still waiting.",
    "This is my third message about {thing}.",
    "Where have we got to with {thing}?",
];
pub(crate) const COMPLAINTS: [&str; 5] = [
    "I must say we are not happy with how {thing} was handled.",
    "It is not good enough that nobody rang me back about {thing}.",
    "The bill for {thing} is far higher than you told us.",
    "There are three mistakes in {thing}, and I had to find them myself.",
    "We expected better than this from your firm.",
];
pub(crate) const THANKS: [&str; 5] = [
    "Thank you for turning {thing} round so quickly, it made all the difference.",
    "We are delighted with {thing}.",
    "You were a great help on {day}, and my colleagues said so too.",
    "Your team did a splendid job with {thing}.",
    "That was very clearly explained, thank you.",
];
pub(crate) const DEPARTURES: [&str; 3] = [
    "We have decided to move our work to another firm; please send us the file.",
    "We shall not be renewing with you at the end of the year.",
    "Please stop work on {thing}, we are going elsewhere.",
];
pub(crate) const COMMENTS: [&str; 3] = [
    "We came to you because a friend said you always answer.",
    "What I like about working with you is that I know whom to ring.",
    "Your portal is the one thing I find hard to use.",
];
pub(crate) const PROMISES: [&str; 8] = [
    "I'll send you {thing} by {day}.",
    "I will ring you on {day} to go through {thing}.",
    "You will have {thing} by {day}.",
    "Let me check {thing} and come back to you by {day}.",
    "We will file {thing} on {day} and send you a copy.",
    "I'll ask my colleague about {thing} and let you know.",
    "{thing} will be with you by {day}.",
    "I shall prepare {thing} and circulate it before {day}.",
];
pub(crate) const HOLDS: [&str; 4] = [
    "I have your message and will come back to you by {day}.",
    "Just a line to say that you will hear from me about {thing} on {day}.",
    "We are looking into it; I will write again by {day}.",
    "Thank you, received. I will answer properly by {day}.",
];
pub(crate) const EXCUSES: [&str; 4] = [
    "Apologies for the delay, we have been very busy.",
    "Sorry, this slipped off my list while I was away.",
    "Our systems were down, so I could not get to {thing}.",
    "My colleague is on leave, which is why you have not heard.",
];
pub(crate) const DELIVERIES: [&str; 4] = [
    "Please find attached {thing}.",
    "Here is {thing}, as promised.",
    "I enclose {thing} with two small changes.",
    "{thing} is attached; the figures on the second page are new.",
];
pub(crate) const GREETINGS: [&str; 5] =
    ["Dear {name},", "Hi {name},", "Hello {name},", "{name},", "Good morning {name},"];
pub(crate) const CLOSINGS: [&str; 5] =
    ["Kind regards,", "Best wishes,", "Regards,", "Many thanks,", "Yours sincerely,"];
pub(crate) const DISCLAIMER: &str = "This e-mail and any files with it are confidential and meant for the person to whom they are addressed. \
If you have received it in error, please tell the sender and delete it. No liability is accepted for its contents, and views in it are \
those of its writer. Thorne Vale LLP is a limited liability partnership registered in England.";
