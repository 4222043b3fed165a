{# The id of a contradiction: the same from night to night. `of` is a table with its level, subject, metric and kind. #}
{% macro contradiction_id(of) -%}
    md5(concat_ws('|', {{ of }}.level, {{ of }}.subject, coalesce({{ of }}.kpi, ''), {{ of }}.kind))
{%- endmacro %}
