"""Words that name nothing: mere judgement ("good", "recommend"), degree and filler, which say how, not what about.

Own selection, accent-folded, beside the grammar of `voc.language.function_words`. "Late", "broken" or "rude" judge too
but name what is judged, so they are not here.
"""

from voc.language.function_words import FUNCTION_WORDS
from voc.language.null_answers import NULL_ANSWERS

_STOP_WORDS = {
    "en": (
        "good great excellent amazing awesome brilliant fantastic perfect lovely nice wonderful best better fine well "
        "bad worse worst terrible awful horrible poor happy satisfied pleased disappointed disappointing unhappy love "
        "loved like liked hate recommend thank thanks really always never ever even still also only other some any "
        "every everything everyone thing things much many lot think feel felt make made making one two being because "
        "need needed want wanted should could may might must shall much quite bit back now before again through over "
        "didn couldn wouldn isn aren wasn weren doesn hasn haven won say said told know see way first last day days "
        "time times put take took give given gave going went come came problem problems overall experience anything "
        "cannot cant done else enough"
    ),
    "pt": (
        "bom boa bons boas otimo otima otimos excelente perfeito perfeita maravilhoso maravilhosa lindo linda bonito "
        "melhor pior ruim pessimo pessima horrivel satisfeito satisfeita satisfeitos insatisfeito gostei adorei amei "
        "recomendo indico parabens obrigado obrigada super bem legal nota certo certinho ok tudo todos todas sempre "
        "nunca mesmo mesma porem agora ate entao assim outro outra outros outras sim nem foram estava estou tinha "
        "tive fiz vou deu ficou ser sendo vez dois duas tres dia dias hoje momento pouco quero gostaria preciso porque "
        "achei fiquei produto produtos compra comprei comprar compro cliente loja lojas coisa problema problemas minhas"
    ),
    "de": (
        "gut gute guter gutes super toll tolle prima klasse perfekt ausgezeichnet hervorragend schlecht schlechte "
        "schlechter schrecklich furchtbar zufrieden unzufrieden gerne danke empfehlen empfehlung immer nie wieder ganz "
        "alles etwas viel viele leider wurde wurden werden konnte kann muss musste sollte hatte hatten machen gemacht "
        "einfach jetzt dann weil problem probleme gewesen ohne diese dieser dieses ihre unser"
    ),
    "nl": (
        "goed goede prima top super uitstekend perfect geweldig fijn fijne slecht slechte vreselijk tevreden "
        "ontevreden blij graag bedankt dank aanrader altijd nooit weer alles iets heel veel helaas werd worden kon "
        "moet moest gaat had hadden maken gemaakt gewoon dan want probleem problemen geweest zonder steeds"
    ),
    "es": (
        "bueno buena buenos buenas excelente perfecto perfecta genial maravilloso mejor peor malo mala mal pesimo "
        "pesima horrible contento contenta satisfecho satisfecha insatisfecho gusta gusto encanta recomiendo gracias "
        "siempre nunca todos todas cosa cosas mucho mucha poco otra otro estaba fueron fue ser hacer hecho dia dias "
        "problema problemas producto productos compra compre tienda cliente"
    ),
    "fr": (
        "bon bonne bons bonnes excellent excellente parfait parfaite super genial meilleur pire mauvaise nul nulle "
        "horrible content contente satisfait satisfaite recommande merci toujours jamais rien tous toute toutes chose "
        "beaucoup peu autre fait faire jour jours probleme problemes produit produits achat client magasin encore car "
        "donc alors"
    ),
    "it": (
        "buono buona buoni ottimo ottima ottimi eccellente perfetto perfetta fantastico meglio peggio pessimo pessima "
        "brutto orribile bene male contento contenta soddisfatto soddisfatta insoddisfatto consiglio consigliato "
        "grazie mai tutti tutte cosa cose poco altra altro fatto fare giorno giorni problema problemi prodotto "
        "prodotti acquisto acquistato cliente negozio ancora quindi era erano"
    ),
}


def stop_words(language: str) -> frozenset[str]:
    """Words of a language that no theme is made of: those above, its grammar, and answers that are none ("nothing").

    language: two-letter code; one without a list has only the last.
    """
    grammar = FUNCTION_WORDS.get(language, frozenset())
    halves = {half for word in grammar for half in word.split("'")}  # the terms of a text are cut at the apostrophe
    return grammar | halves | frozenset(_STOP_WORDS.get(language, "").split()) | NULL_ANSWERS
