"""The commonest grammatical words of seven languages, to guess what an undeclared text is written in.

Own selection of articles, pronouns, prepositions and auxiliaries, accent-folded as `voc.language.tokens` folds. A word
that several languages share stands in each of them, so that it favours none.
"""

_FUNCTION_WORDS = {
    "en": (
        "a about after all am an and are as at be been but by can could did do does for from get got had has have he "
        "her him his how i i'm i've if in is it it's its just me more my no not of off on or our out she so than that "
        "the their them then there they this to too up us very was we were what when where which who why will with "
        "would you your don't didn't can't wasn't"
    ),
    "pt": (
        "a ainda ao aos apenas as ate com como da das de depois do dos e ela ele em entre era essa esse esta este eu "
        "foi fui ha isso ja mais mas me meu meus minha muito na nada nao nas no nos o os ou para pela pelo pois por "
        "pra quando que quem sao se sem sempre ser seu so sua tambem tem tenho ter tudo um uma veio voces"
    ),
    "es": (
        "a al como con cuando de del desde donde el ella en entre era es esta este estoy fue ha han hasta he hay la "
        "las le les lo los mas me mi mis muy nada ni no nos o para pero por porque que se sin son su sus tambien "
        "tengo tiene todo un una y ya yo"
    ),
    "fr": (
        "a ai au aussi aux avec bien c'est ce ces cette comme dans de des du elle en est et etait ete il ils j'ai je "
        "la le les leur ma mais me mes mon n'est ne nous on ont ou par pas plus pour qu'il que qui sa sans se ses son "
        "sont sur tout tres trop un une vous"
    ),
    "de": (
        "aber als am an auch auf aus bei bin bis das dass dem den der des die doch ein eine einen einer er es fur "
        "habe haben hat ich ihr im in ist kein keine mehr mein mich mir mit nach nicht noch nur oder schon sehr sein "
        "sich sie sind so uber um und uns vom von vor war waren was wenn wer wie wir wird zu zum zur"
    ),
    "nl": (
        "aan al als bij dan dat de deze die dit door een en er erg geen goed haar heb hebben heeft het hij hoe ik in "
        "is je kan maar me meer mijn mij met na naar niet nog nu of om omdat onze ook op over te toch tot uit van "
        "veel voor was wat we werd wij ze zeer zijn zo"
    ),
    "it": (
        "a al alla anche che chi ci come con cosa da dal dalla dei del della delle di dopo e ed era gli ha hanno ho i "
        "il in io la le lo loro ma mi mia mio molto nei nel nella no non o per perche piu quando questa questo se "
        "sempre senza si sono stata stato su sua suo tutto un una"
    ),
}

FUNCTION_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()
}
"""Language code -> words; the first languages are those of `voc.language.scoring.lexicon.LISTED`, in its order."""
