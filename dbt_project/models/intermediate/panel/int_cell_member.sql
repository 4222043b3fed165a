-- One row per cell that the detect step judges and customer in it.
{{ config(materialized='view') }}

with cells as (

    select * from {{ source('ml', 'cells') }}

),

customers as (

    select * from {{ ref('int_customer') }}

),

-- what a cell does not name it does not ask for
members as (

    select
        cells.subject,
        cells.touchpoint,
        customers.customer_id
    from cells
    inner join customers
        on (cells.segment is null or cells.segment = customers.segment)
        and (cells.region is null or cells.region = customers.region)
        and (cells.plan is null or cells.plan = customers.plan)

)

select * from members
