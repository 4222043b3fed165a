{# The schema as the folder names it, without dbt's usual prefix of the target: stg, int, marts. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
