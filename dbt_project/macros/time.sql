{# The Monday that names the ISO week of a naive UTC time, in the company's time zone. #}
{% macro week_of(at, timezone) -%}
    cast(date_trunc('week', timezone({{ timezone }}, timezone('UTC', {{ at }}))) as date)
{%- endmacro %}

{# The Monday that names the ISO week of a day. #}
{% macro monday(day) -%}
    cast(date_trunc('week', {{ day }}) as date)
{%- endmacro %}

{# The first instant after a day in the company's time zone, as naive UTC. #}
{% macro end_of(day, timezone) -%}
    timezone('UTC', timezone({{ timezone }}, cast({{ day }} + 1 as timestamp)))
{%- endmacro %}

{# How many weeks after the Monday `start` a Monday comes. #}
{% macro weeks_since(start, week) -%}
    cast(date_diff('day', {{ start }}, {{ week }}) // 7 as smallint)
{%- endmacro %}

{# The day of a naive UTC time, in the company's time zone. #}
{% macro day_of(at, timezone) -%}
    cast(timezone({{ timezone }}, timezone('UTC', {{ at }})) as date)
{%- endmacro %}
