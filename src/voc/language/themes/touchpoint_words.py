"""Words that customers use at each touchpoint, to start a company's themes from; own selection, seven languages.

Accent-folded as `voc.language.tokens` folds; a star stands for any ending, so that "deliver*" is "delivered" and
"delivery" as well. A word that belongs to two touchpoints stands in neither.
"""

from collections.abc import Iterable

from voc.language.tokens import fold

NAMES = {
    "delivery": "delivery",
    "missing": "missing or wrong items",
    "quality": "product quality",
    "price": "price and billing",
    "returns": "returns and refunds",
    "staff": "staff and support",
    "waiting": "waiting and appointments",
    "digital": "website and app",
    "outage": "outages and faults",
    "information": "information and answers",
}
"""Key of each touchpoint -> what readers call it; the same in every language, so that its counts can be added up."""

_TOUCHPOINT_WORDS = {
    "en": {
        "delivery": "deliver* courier* shipping shipped shipment* parcel* package* postman dispatch*",
        "missing": "missing incomplete item items lacks lacking mismatch*",
        "quality": "quality fabric broke broken flimsy sturdy defect* durable material materials damaged",
        "price": "price* pricing expensive cheap* cost* fees invoice* bill bills billing billed charge* payment* paid",
        "returns": "return returns returned returning refund* exchange* cancel* cancellation reimburse*",
        "staff": "staff agent agents employee* advisor* helpful rude polite friendly courteous professional support",
        "waiting": "wait waits waiting waited queue* appointment* reschedul* hold hours minutes mins",
        "digital": "website site app login log password online screen crash* page checkout",
        "outage": "outage* internet connection wifi network router signal disconnect* offline",
        "information": "information informed inform communication communicate explain* explanation answers questions",
    },
    "pt": {
        "delivery": "entrega entregue* entregar* entregou prazo correio* transportadora frete atras* chegou envio",
        "missing": "faltou faltando falta faltam somente apenas incomplet* trocado vieram",
        "quality": "qualidade material defeito* quebr* tecido acabamento fragil durav* danificad* estragad*",
        "price": "preco* caro cara barato barata valor* cobran* cobrad* fatura* pagamento* paguei boleto desconto*",
        "returns": "devol* troca trocar reembols* estorn* cancel* ressarci*",
        "staff": "atendimento atendente* atencios* funcionari* suporte educad* vendedor* equipe sac",
        "waiting": "espera esperando aguard* fila filas demor* consulta* agendamento* horas minutos",
        "digital": "site app aplicativo senha login pagina online tela",
        "outage": "internet conexao sinal rede wifi roteador queda quedas",
        "information": "informac* informad* comunicac* explic* esclarec* resposta* retorno contato",
    },
    "de": {
        "delivery": "liefer* gelief* zustell* paket* versand* verschickt post sendung* spedition kurier",
        "missing": "fehlt fehlte fehlten fehlend* unvollstandig* verwechsel*",
        "quality": "qualitat* material* defekt* kaputt* stoff verarbeitung beschadigt* haltbar*",
        "price": "preis* teuer* billig* gunstig* kosten* gebuhr* rechnung* abgebucht abbuchung zahlung* bezahl*",
        "returns": "ruckgabe* rucksend* zuruckgeschickt retour* erstatt* umtausch* storn* kundig*",
        "staff": "mitarbeiter* personal berater* unfreundlich* freundlich* hoflich* beratung support kundendienst",
        "waiting": "warte* gewartet schlange termin* stunde* minuten",
        "digital": "webseite* website app login passwort online seite* anmeld*",
        "outage": "ausfall* internet* verbindung* netz* wlan router storung* signal",
        "information": "information* informiert* auskunft* kommunikation erklart* erklarung* ruckmeldung* antwort*",
    },
    "nl": {
        "delivery": "bezorg* lever* gelever* pakket* verzend* verzonden koerier zending* post",
        "missing": "ontbreekt ontbrak* ontbreken* onvolledig* verwissel* mist missen",
        "quality": "kwaliteit* materia* kapot* defect* stof beschadigd* afwerking stevig*",
        "price": "prijs* prijzen duur dure goedkoop* kosten factu* rekening* betaal* betaling* afgeschreven incasso",
        "returns": "retour* terugge* terugstu* terugbeta* ruil* annul* opgezegd opzegg*",
        "staff": "personeel medewerk* klantenservice onvriendelijk* vriendelijk* behulpzaam* beleefd* helpdesk",
        "waiting": "wacht* gewacht wachtrij afspra* uur uren minuten",
        "digital": "website site app inlog* wachtwoord online pagina",
        "outage": "storing* internet verbinding* netwerk* wifi router signaal",
        "information": "informatie* geinformeerd* communicatie uitleg* uitgelegd antwoord*",
    },
    "es": {
        "delivery": "entreg* envio* enviado correos paquete* mensajer* repartidor* transportista",
        "missing": "falta faltaba faltan faltaban incomplet* faltante*",
        "quality": "calidad* material* defect* roto rota rotos rotas tela danad* acabado* fragil",
        "price": "precio* caro cara barat* costo* coste* factura* cobro cobr* pago* pagu* tarifa*",
        "returns": "devol* devuel* reembols* cancel* cambio cambiar",
        "staff": "atencion personal emplead* amable* soporte trato agente* maleducad*",
        "waiting": "espera* esperando cola cita citas hora horas minutos demora*",
        "digital": "web app aplicacion contrasena pagina online sitio",
        "outage": "internet conexion red wifi router senal corte* averia*",
        "information": "informacion informad* comunicacion explic* respuesta* responde*",
    },
    "fr": {
        "delivery": "livr* colis livraison* expedi* transporteur* facteur poste",
        "missing": "manque manquait manquent manquant* incomplet*",
        "quality": "qualite* mater* defect* casse* tissu abime* solide* fragile*",
        "price": "prix cher chere* tarif* cout* frais factur* paiement* paye* preleve*",
        "returns": "retour* rembours* echang* annul* resili*",
        "staff": "personnel accueil conseiller* vendeu* aimable* sympathique* poli polie agent* support",
        "waiting": "attente* attend* file rendez heure* minutes",
        "digital": "site appli application* passe connexion page* internet",
        "outage": "panne* reseau* wifi box coupure* signal",
        "information": "information* informe* communication expliqu* explication* reponse* reponda*",
    },
    "it": {
        "delivery": "consegn* spedi* pacco pacchi corriere* poste",
        "missing": "manca mancava* mancant* mancavano incomplet*",
        "quality": "qualita material* difett* rott* tessuto rovinat* danneggiat* robust*",
        "price": "prezz* caro cara costo* costi costos* economic* fattur* pagament* pagat* addebit*",
        "returns": "reso resi restitu* rimbors* cambio annull* disdett*",
        "staff": "personale assistenza gentil* cortes* maleducat* operator* commess* supporto",
        "waiting": "attesa attese aspett* coda fila appuntament* ore minuti",
        "digital": "sito app applicazione password pagina online",
        "outage": "internet connessione rete wifi router segnale guast* disserviz*",
        "information": "informazion* informat* comunicazion* spiegat* spiegazion* rispost*",
    },
}

LANGUAGES = tuple(_TOUCHPOINT_WORDS)
"""Languages with touchpoint words; themes of any other one have only the company's own touchpoints to start from."""


def seeds(language: str, touchpoints: Iterable[str] = ()) -> dict[str, tuple[str, ...]]:
    """Words to start each theme from, by its key: those listed, then a company's own touchpoints by their names.

    language:    two-letter code; one that is not in `LANGUAGES` has no listed words.
    touchpoints: as the company writes them ("Home visit"). The words of a name are its seed, with any ending; one whose
                 words stand in a listed name ("billing") adds nothing.

    >>> list(seeds("en", ["Billing", "Home visit"]))[-2:], seeds("en", ["Home visit"])["home visit"]
    (['information', 'home visit'], ('home*', 'visit*'))
    """
    listed = {key: tuple(words.split()) for key, words in _TOUCHPOINT_WORDS.get(language, {}).items()}
    own = {" ".join(fold(name).replace("_", " ").split()) for name in touchpoints}
    named = {name: tuple(f"{word}*" for word in name.split()) for name in sorted(own) if name and not _is_listed(name)}
    return listed | named


def _is_listed(name: str) -> bool:
    """Whether each word of a name begins one of a single listed name."""
    name_parts = (listed.split() for listed in NAMES.values())
    return any(all(any(part.startswith(word) for part in parts) for word in name.split()) for parts in name_parts)
