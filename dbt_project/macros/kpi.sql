{#
    One value for a week or month from its readings, as the catalogue says; NULL when every reading is missing.
    A single reading is left as it is.
#}
{% macro combined(value, combine, measured_on) -%}
    case
        when {{ combine }} = 'last' then arg_max({{ value }}, {{ measured_on }})
        when count({{ value }}) = 1 then max({{ value }})
        when {{ combine }} = 'sum' then sum({{ exact(value) }})
        else sum({{ exact(value) }}) / count({{ value }})
    end
{%- endmacro %}
