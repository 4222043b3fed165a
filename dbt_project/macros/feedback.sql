{#
    Whether a version of a feedback item is the one that counts when only what was known before `cut` may be used.
    A version written after the cut is a last resort, the earliest of them first: it is nearest to what was known then.
#}
{% macro is_chosen(cut) -%}
    said_at < {{ cut }}
    and row_number() over (
        partition by source, item_id
        order by
            said_at < {{ cut }} desc,
            coalesce(updated_at < {{ cut }}, true) desc,
            case when updated_at >= {{ cut }} then updated_at end,
            updated_at desc nulls last,
            batch desc,
            row_no desc
    ) = 1
{%- endmacro %}

{#
    The weight of a score beside the tone of its text, which has the rest of 1. A choice, not a measurement: the score
    leads because a word list reads a text less surely, and the text keeps a share because people soften a score more
    easily than a sentence (docs/method.md).
#}
{% macro score_weight() -%}
    0.65
{%- endmacro %}

{# Sentiment of one item from its score (-1 to 1) and the tone of its text, whichever is there. #}
{% macro sentiment(score, tone) -%}
    case
        when {{ score }} is not null and {{ tone }} is not null
            then {{ score_weight() }} * {{ score }} + (1 - {{ score_weight() }}) * {{ tone }}
        else coalesce({{ score }}, {{ tone }})
    end
{%- endmacro %}

{# Standard error of `sentiment`, the errors of score and tone taken as independent. #}
{% macro sentiment_se(score, score_se, tone, tone_se) -%}
    case
        when {{ score }} is not null and {{ tone }} is not null
            then sqrt(
                power({{ score_weight() }} * {{ score_se }}, 2) + power((1 - {{ score_weight() }}) * {{ tone_se }}, 2)
            )
        when {{ score }} is not null then {{ score_se }}
        when {{ tone }} is not null then {{ tone_se }}
    end
{%- endmacro %}

{#
    Whether a score (-1 to 1) and the tone of the text beside it say the opposite: on either side of the middle, further
    apart than half the scale and than the tone's 95 % interval.
#}
{% macro is_at_odds(score, tone, tone_se) -%}
    sign({{ score }}) * sign({{ tone }}) < 0 and abs({{ score }} - {{ tone }}) > greatest(1, 1.96 * {{ tone_se }})
{%- endmacro %}

{#
    Whether texts are in another language than they say: more than half of those of four words and more hit no word
    of the list. Measured: English lists hit nothing in 77 % of Portuguese texts of that length and in 1-22 % of
    English ones; the Portuguese list misses 87-98 % of English ones. Under five texts nothing can be said (NULL).
#}
{% macro is_foreign(n_long, n_without_hit) -%}
    case when {{ n_long }} >= 5 then {{ n_without_hit }} > 0.5 * {{ n_long }} end
{%- endmacro %}

{# The two-letter code of a language or locale ('pt-BR' is 'pt'); NULL when it is not one. #}
{% macro two_letters(language) -%}
    nullif(regexp_extract(lower(trim({{ language }})), '^([a-z]{2})([-_].*)?$', 1), '')
{%- endmacro %}

{# Why an item has no sentiment, the first reason that holds; NULL when it has one. #}
{% macro unscored_reason(sentiment, is_gated) -%}
    case
        when {{ sentiment }} is not null then null
        when not is_customer then 'not_the_customer'
        when {{ is_gated }} then 'language_gate'
        when score is null and text_id is null then case when has_lost_words then 'words_gone' else 'no_reading' end
        when score is not null and answer is null then 'no_scale'
        else coalesce(text_reason, 'no_reading')
    end
{%- endmacro %}

{# Whether something was said so long ago that its words are kept no more, if there were any; needs `run`. #}
{% macro has_lost_words(said_at) -%}
    coalesce({{ said_at }} < run.words_from, false)
{%- endmacro %}

{# Whether an actor is the customer: whoever is not said to be an agent or a machine. #}
{% macro is_customer(actor_type) -%}
    coalesce(lower({{ actor_type }}) not in ('agent', 'bot', 'system'), true)
{%- endmacro %}
