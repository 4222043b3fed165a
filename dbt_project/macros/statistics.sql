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
