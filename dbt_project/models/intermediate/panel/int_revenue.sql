-- One row per subject of a level: what a month of it is worth; a group counts those who are still customers.
with customers as (

    select * from {{ ref('int_customer') }}

),

company as (

    select * from {{ source('raw', 'config_company') }}

),

cell_members as (

    select * from {{ ref('int_cell_member') }}

),

revenue as (

    select
        'customer' as level,
        customer_id as subject,
        monthly_revenue
    from customers
    union all
    {% for group in ['segment', 'region', 'plan'] -%}
    select
        '{{ group }}' as level,
        {{ group }} as subject,
        cast(sum({{ exact('monthly_revenue') }}) as double) as monthly_revenue
    from customers
    where churned_on is null and {{ group }} is not null
    group by {{ group }}
    union all
    {% endfor -%}
    select
        'cell' as level,
        cell_members.subject,
        cast(sum({{ exact('customers.monthly_revenue') }}) as double) as monthly_revenue
    from cell_members
    inner join customers on cell_members.customer_id = customers.customer_id
    where customers.churned_on is null
    group by cell_members.subject
    union all
    select
        'company' as level,
        company.company as subject,
        cast(sum({{ exact('customers.monthly_revenue') }}) as double) as monthly_revenue
    from customers
    cross join company
    where customers.churned_on is null
    group by company.company

)

select * from revenue
