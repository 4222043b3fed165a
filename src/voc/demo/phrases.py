"""What customers of a network say, by touchpoint and tone; `{…}` stands for small things that differ between people."""

TONES = ("furious", "negative", "neutral", "positive")

CORE: dict[str, dict[str, tuple[str, ...]]] = {
    "relationship": {
        "positive": (
            "{thing} just works, never a worry", "we are very happy with {thing}", "good speed and a fair price",
            "reliable and friendly, would recommend to anyone", "best provider we have had so far",
            "{who} really knows our account and thinks along", "moved to you {n} years ago and still glad we did",
            "great service whenever we need it", "excellent value compared with the last one",
            "love how easy it is to change things online",
        ),
        "neutral": (
            "it does what it should", "nothing special, it's internet", "we have been with you for {n} years",
            "okay so far, have not needed anyone", "have not compared with others yet", "{thing} is average",
            "price went up again in {month} but so did everyone's", "depends on the day",
            "use it mostly {where}, no opinion otherwise", "we are looking at what others offer",
        ),
        "negative": (
            "{thing} has become unreliable since {month}", "too expensive for what we get",
            "it feels like nobody cares about existing customers", "slower every month, disappointing",
            "we are considering leaving", "promises are not kept, sadly", "the quality went down badly after {month}",
            "would not recommend at the moment", "I keep having to chase you and that is annoying",
            "{who} never calls back, frustrating",
        ),
        "furious": (
            "worst provider we ever had, we are leaving", "absolutely terrible, nothing but lies since {month}",
            "I hate having to depend on this company", "a disgrace, you are losing us after {n} years",
            "horrible experience from start to finish", "completely useless and nobody takes responsibility",
        ),
    },
    "installation": {
        "positive": (
            "{who} came right on time and was very friendly", "installed in under {n} hours, great job",
            "neat work {where}, cables tidied nicely", "{who} explained everything clearly and patiently",
            "planning kept us well informed, perfect", "everything worked at once, wonderful",
            "super easy, {thing} was up before lunch",
        ),
        "neutral": (
            "{who} came {when}", "installation took about {n} hours", "they had to drill a second hole {where}",
            "{thing} is installed, still have to test it", "appointment was moved once but it was done {when}",
            "was okay, I had to move some furniture {where}", "we did most of the set-up ourselves",
        ),
        "negative": (
            "nobody turned up {when}, a wasted day", "appointment cancelled {n} times, very annoying",
            "{who} left a mess {where}", "{thing} still doesn't work properly after the visit, disappointing",
            "had to wait {n} weeks for a visit, far too slow", "{who} seemed lost and had the wrong parts",
            "no one told us the visit was moved, frustrating",
        ),
        "furious": (
            "{n} missed appointments in a row, this is a joke and I am furious", "{who} broke a wall {where} and lied",
            "worst installation ever, we lost {n} days of business", "horrible, nobody came {when} and nobody cares",
            "terrible work, {thing} is dead since your visit",
        ),
    },
    "support": {
        "positive": (
            "{who} solved it within minutes, brilliant", "quick and friendly answer, thank you",
            "helpful people, problem with {thing} gone", "{who} called back exactly as promised, great",
            "very patient with my questions, much appreciated", "got a clear answer {when}, excellent support",
            "was impressed by how fast {thing} was fixed",
        ),
        "neutral": (
            "got an answer {when}", "{who} asked me to restart {thing}", "took {n} mails but it's done",
            "still waiting to see whether {thing} stays up", "was sent to another department first",
            "they will send someone {where}", "the answer was what I expected",
        ),
        "negative": (
            "waited {n} hours for a reply, poor", "had to explain the same problem {n} times, frustrating",
            "{who} was rude and unhelpful", "ticket was closed but {thing} is still broken",
            "standard answers only, nobody read my question", "disappointed, {who} had no idea",
            "kept on hold for ages {when}, so annoying",
        ),
        "furious": (
            "your support is a disaster, {n} weeks and nothing fixed", "{who} hung up on me, outrageous and insulting",
            "absolutely useless, I am sick of this", "terrible, terrible, terrible. nobody helps",
            "worst support I have ever seen, I want to cancel now",
        ),
    },
    "billing": {
        "positive": (
            "invoice is clear and correct, nice", "wrong charge of {amount} was refunded the same day, great",
            "{who} sorted out the bill in no time, thanks a lot", "easy to understand what we pay for, good",
            "happy that the credit arrived so quickly", "the new invoice layout is a big improvement",
        ),
        "neutral": (
            "the bill for {month} was higher than before", "asked for a copy of the invoice of {month}",
            "we pay by direct debit so I hardly look at it", "had to change the address on the invoice",
            "{amount} was corrected on the next invoice", "we need a purchase order number on it",
        ),
        "negative": (
            "charged {amount} too much again, annoying", "the invoice for {month} is wrong and nobody can explain it",
            "still no refund of {amount}, disappointing", "hidden costs, {amount} nobody told us about",
            "got a reminder for a bill that was paid, unfair", "confusing invoice, poor explanation by {who}",
        ),
        "furious": (
            "you steal {amount} every month, this is fraud", "wrong invoice for the {nth} month, I am furious",
            "threatening letters for a bill we paid, disgusting", "terrible billing, we will dispute everything",
            "pay back {amount} or you will hear from our lawyer, horrible people",
        ),
    },
    "outage": {
        "positive": (
            "back up within the hour, thanks for the quick fix", "good updates during the outage, appreciated",
            "{who} kept us posted all the time, great", "impressed with how fast it was solved",
        ),
        "neutral": (
            "can you tell us when it will be back", "please confirm whether there is an outage {where}",
            "we switched to the backup line for now", "restarted {thing} already",
        ),
        "negative": (
            "this is the {nth} time since {month}, very frustrating", "we lose work every time this fails",
            "no information on the status page, poor", "staff were sent home, this is a serious problem for us",
        ),
        "furious": (
            "unacceptable!! we lose money every hour and nobody answers", "down AGAIN, worst network in the country",
            "this is killing our business, terrible service", "{n} outages since {month}, I am beyond angry",
        ),
    },
}  # fmt: skip

PROBLEM: dict[str, tuple[tuple[str, str], ...]] = {
    "support": (
        ("question about {thing}", "I have a question about {thing} {where}."),
        ("{thing} slow {where}", "{thing} is slow {where} since {day}."),
        ("change of contact", "we have a new contact person from {month} on, can you change that?"),
        ("cannot log in to portal", "I cannot log in to the portal since {day}, the code does not arrive."),
        ("extra wifi point", "we would like an extra wifi point {where}."),
        ("settings {thing}", "which settings do we need for {thing}?"),
        ("moving office", "we are moving in {month}, how do we take {thing} with us?"),
        ("{thing} keeps dropping", "{thing} drops {n} times a day {where}."),
    ),
    "billing": (
        ("invoice {month}", "there is {amount} on the invoice of {month} that I do not recognise."),
        ("double charge", "we were charged {amount} twice in {month}."),
        ("copy of invoice", "could you send the invoice of {month} again?"),
        ("credit note", "you told us {when} that {amount} would be credited."),
        ("new bank account", "our bank account changes in {month}."),
        ("price change", "the price went up by {amount}, where was that announced?"),
    ),
    "outage": (
        ("no internet {where}", "no internet {where} since {day}."),
        ("{thing} down", "{thing} down {where}, lights are red."),
        ("outage?", "is there an outage? {thing} stopped {when}."),
        ("connection lost", "lost the connection {when}, about {n} hours now."),
        ("phones dead", "phones are dead {where}, mobile only."),
    ),
}

FEELING: dict[str, tuple[str, ...]] = {
    "positive": (
        "you always help us quickly, great", "no hurry, we are very happy otherwise", "thanks, you are the best",
        "{who} was wonderful last time, hope to get the same help", "love the service so far", "much appreciated",
        "first problem in {n} years, so still a happy customer", "I am sure you will sort it out, great team",
    ),
    "neutral": (
        "please let me know", "can you look into it", "I tried to restart it {when}", "we can wait until next week",
        "you can reach me by mail", "what do you need from us", "my colleague wrote about this {when} as well",
    ),
    "negative": (
        "this is annoying and takes too long", "I have asked this {n} times now, frustrating", "{who} forgot us",
        "we are losing time because of this, not happy", "disappointed that it happened again", "it only gets worse",
        "it is a bad experience for our customers too", "the last answer was no help, poor",
    ),
    "furious": (
        "this is unacceptable, {n} times since {month}", "I hate this, a disaster again", "terrible, we lose money",
        "worst provider ever, I want to cancel", "nobody answers, useless", "furious, fix it or we leave",
    ),
}  # fmt: skip
