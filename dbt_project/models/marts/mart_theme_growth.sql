-- One row per theme: how much of what the company's customers write is about it of late, and was before.
with growth as (

    select * from {{ source('ml', 'theme_growth') }}

)

select * from growth
