{#
    A number as a fixed-point one, for sums: floating ones depend on the order in which threads add them, and the same
    night must give the same bytes. Beyond 1e26 it is taken as missing: one absurd reading must not stop a night.
#}
{% macro exact(number) -%}
    try_cast({{ number }} as decimal(38, 12))
{%- endmacro %}

{#
    The 97.5 % quantile of Student's t, by its expansion in 1 / df (Abramowitz and Stegun 1964, 26.7.5) around the
    normal quantile 1.959964. Within 2 % of the table from four degrees of freedom on.
#}
{% macro t_975(df) -%}
    (1.959964 + 2.372271 / ({{ df }}) + 2.822487 / power({{ df }}, 2) + 2.555853 / power({{ df }}, 3))
{%- endmacro %}

{# An end of the 95 % interval of a share, `-` the lower and `+` the upper one (Wilson 1927). #}
{% macro wilson(n, of, end) -%}
    {%- set z2 = 1.959964 ** 2 -%}
    ({{ n }} + {{ z2 }} / 2 {{ end }} sqrt({{ z2 }} * ({{ n }} * ({{ of }} - {{ n }}) / {{ of }} + {{ z2 }} / 4)))
    / ({{ of }} + {{ z2 }})
{%- endmacro %}

{#
    A number in place of a text of which only equality matters, -1 for NULL. 63 bits of its hash: the chance that any two
    of four million are taken for one is one in a million.
#}
{% macro number_of(text) -%}
    case when {{ text }} is null then -1 else cast(hash({{ text }}) >> 1 as bigint) end
{%- endmacro %}
