"""Words that are also names, and words in names that identify nobody."""

from functools import cache

from voc.language.function_words import FUNCTION_WORDS
from voc.language.scoring.lexicon import load
from voc.language.tokens import fold

# Own selection: given names and surnames that are words of everyday English, Portuguese, Spanish, French, German, Dutch
# or Italian, and words that companies are called by. Words that carry tone ("grace", "joy") are in the lexicon.
_ALSO_NAMES = """
able amber april archer art august autumn baker ball banks barber bark bay beach bear bell berry bill bird bishop
black blue bob bond book booth bowl branch brand bridge brook brown bush butcher butler canyon carpenter carter cash
castle chance chase chip church city clay clean clear click close cloud coach coast colour cook copper corn cost court
crane crew cross crown crystal current daisy dawn day dean dear dollar down draw drew duke earl early earth east eve
even ever farmer fast fell field fields finch first fish fisher fleet flint flower flowers ford forest forward fox
frank freeman front frost game gate gold golden gray green grey ground grove guy hall hand hardy harvest head heath
herb hill hills holly home honey hood horn house hunt hunter ice iris iron ivy jack jade jan jet jewel july june just
keen key king knight lake lamb land lane large last laurel law leaf lemon light lily line link lion little long lord
low major man march mark marsh mason may mayor mead melody mercury mill miller mint mole monday money moon moss
mountain nail new next nick noble noon north oak ocean old olive open orange orbit page palm park parker parks
patience pat pearl pepper pike pink plant point pole pool pope porter post pound power powers price prime prince prior
purple queen quick rain ray red reed reef rice rich ring river rivers road rob robin rock rod rose round royal ruby
rusty sage sailor salmon sand sandy shell shepherd shine ship short silver simple singer sky small smart snow solar
south spark spring square stack star stark stone storm street strong style sue summer summit sun sunday swan sweet
swift target temple thorn tiger tile tower town trade trip turner valley vic view viola violet walker wall ward waters
way weaver west white wild willow wind winter wolf wood woods yard young
abril agosto alba alma amaro azul barros bela belo branco caldeira calvo campo campos chaves cielo cruz dante delgado
dias dolores domingo estrela estrella feliz flor flores fonte forte fuente gato gordo guerra guerrero hierro iglesias
jardim julho junho leal leite leon lima linda lobo longo lua luna luz maio mar marques mata mato mercado mercedes mesa
monte montes moreno novo osso paz pedra penha pilar pinheiro pinto ponte porto prado prata preto primavera ramos real
reis reyes ribeiro rico rios rocha rojo rosa rubio sal sala salas santa santo santos serra sierra sol telha tempo toro
torre torres vale valente valle velho verde vidal vila vinho vitoria
aurore beau blanc bois bon boucher boulanger brun cerise chevalier clement constant court etoile fleur fontaine garde
grand jardin marchand marine moulin neige noir parfait petit pierre place pont prune renard roche roux vert vigne
acker adler bauer baum berg bock busch eisen ernst feld fischer frei freund fuchs gross hahn herbst hof jager jung
kaiser keller klein koch konig kraft kurz lang lange meister metzger morgen nagel nuss reich richter ritter rose sauer
schafer schneider schreiber schwarz sommer stein stern stolz sturm tag vogel wald weiss winkler wirt wolf zimmer
bakker beek bloem boer boom bos bruin dam dijk duin groen groot haan hart heer jong kamp kok koning kuiper maan meer
molen prins roos ruiter smit steen timmerman visser vos weide wit zee zomer zon zwart
bella bello bianca bianco bruna caro conte costa dolce felice fiore fortuna gallo gatto gentile giusto grande grazia
leone luce mare natale nero notte pace palma pastore piazza rossa rosso serena sole speranza stella testa vita
"""

_GENERIC = """
academy agency air airlines airways analytics associates association auto banco bank bakery bar bau bureau business
cafe capital care center centre centro clinic clinica club college company computer construction consult consultancy
consulting consultants cooperative corporation data dental design digital director distribution electric electronics
energia energie energy engineering enterprise enterprises escola estate europe events express family farm farma
farmacia fashion finance financial fitness food foods foundation fund gallery global group groep group groupe grupo
handel healthcare health holding holdings hospital hotel hotels hostel immobilien imports industrial industries
industry inn institute insurance interiors international internet investments it kitchen labs law legal logistica
logistics logistik management manufacturing market marketing media medical mobile motors museum national network
office online partner partners pharma pharmacy pizza pizzeria plus praxis production productions products properties
property real resort restaurant restaurante restaurants ristorante sales salon school schule security service services
servicos shop shops software solution solutions spa sport sports station store stores studio studios supermarket
supplies supply systems tech technologies technology telecom telekom the trade trading transport transportes travel
trust united university ventures verlag vertrieb verein warehouse web werk werke wholesale wines works world
"""
GENERIC = frozenset(_GENERIC.split())
"""Words of trades, in folded form: alone they name no company."""

_LEGAL = """
ab ag aps as asbl bhd bv bvba cia co coop corp cv eg eirl ei eireli ek epp ev gbr gie gmbh hf inc incorporated kg kgaa
kft limited llc llp lp lda ltd ltda me mbh mei nv oy oyj plc pte pty pvt sa sarl sas sasu sca scrl se sl slu snc soc
spa sprl spzoo srl sro tbk ug unipessoal vof
"""
LEGAL = frozenset(_LEGAL.split())
"""Legal forms, in folded form and without dots; the name without them is a whole name too."""

_BESIDE = """
abu af and av bin bint da dal das de degli dei del della den der di do dos dr dra du e ein el et frau herr ibn ing jr
las le les los lic mac madame mag mevr miss mister mme monsieur mr mrs ms mx of prof san sankt santa senhor senhora
senor senora sir sr sra st saint sint ten ter the und van vom von y zu zum zur
"""
BESIDE = frozenset(_BESIDE.split())
"""Particles, articles and titles, in folded form: parts of a whole name, never a name alone."""


@cache
def ordinary() -> frozenset[str]:
    """Folded words that mean no person when in small letters: function words, words of tone, and the lists above."""
    function_words = (word for words in FUNCTION_WORDS.values() for word in words)
    return frozenset([*function_words, *load().ids, *map(fold, _ALSO_NAMES.split()), *GENERIC])
