"""What goes around and into a phrase: small things, first and last words, emoji, answers that are none."""

FILL: dict[str, tuple[str, ...]] = {
    "n": ("two", "three", "four", "2", "3", "five", "6"),
    "when": (
        "last week", "on Monday", "on Tuesday", "yesterday", "this morning", "last Friday", "a few days ago",
        "twice this month", "over the weekend", "on Thursday afternoon",
    ),
    "day": ("Monday", "Tuesday", "yesterday", "this morning", "the weekend", "last Friday", "Thursday", "8 o'clock"),
    "nth": ("second", "third", "fourth", "3rd", "4th", "fifth", "tenth"),
    "where": (
        "at our office", "in the shop", "in the warehouse", "at home", "on our second site", "upstairs",
        "in the meeting room", "at reception", "on the ground floor", "in the new building",
    ),
    "who": (
        "the technician", "your engineer", "the fitter", "the man who came", "the woman on the phone", "your colleague",
        "the agent", "someone called Mark", "the guy on chat", "our contact person", "the lady from planning",
    ),
    "thing": (
        "the router", "the modem", "the connection", "the line", "the wifi", "our internet", "the VPN", "the phones",
        "the TV box", "the switch", "the backup line",
    ),
    "amount": ("12 euro", "€ 49", "€ 18.50", "€ 230", "almost 90 euro", "€ 7", "about a hundred euro", "€ 1,150"),
    "month": ("January", "March", "June", "July", "October", "November", "the last quarter", "December"),
}  # fmt: skip

OPENER: dict[str, tuple[str, ...]] = {
    "positive": ("", "", "", "Honestly, ", "As always, ", "To be fair, ", "So far: ", "Compliments: ", "Well, "),
    "neutral": ("", "", "", "", "Well, ", "Hm, ", "To be honest, ", "Not much to say, "),
    "negative": ("", "", "", "Sorry but ", "Unfortunately, ", "To be honest, ", "Again: ", "I must say, "),
    "furious": ("", "", "Seriously, ", "Enough: ", "I can't believe it, ", "Once more: "),
}
CLOSER: dict[str, tuple[str, ...]] = {
    "positive": ("", "", "", "Thanks!", "Keep it up.", "Thank you all", "Well done.", "10/10", "Happy customer here."),
    "neutral": ("", "", "", "", "We'll see.", "That's all.", "Regards", "Will let you know", "No further remarks."),
    "negative": (
        "", "", "", "Please fix this.", "Expected better.", "Not good enough.", "Hope this improves", "A pity.",
        "Please do something about it",
    ),
    "furious": ("", "", "Never again!", "SHAME.", "Fix it NOW", "I am done with you.", "Cancel my contract."),
}  # fmt: skip
GREETING = ("", "", "Hi, ", "Hello, ", "Good morning, ", "Dear team, ", "Hi there, ", "L.S., ", "Hello support, ")
EMOJI: dict[str, tuple[str, ...]] = {
    "positive": ("😊", "👍", "❤️", "🙏", "🎉"),
    "neutral": ("🤷", "🙂", "🤔"),
    "negative": ("😕", "👎", "🙄", "😞"),
    "furious": ("😡", "🤬", "😠😠"),
}
EMPTY_ANSWERS = ("n/a", "-", "none", "no comment", ".", "nothing", "N/A", "x")
