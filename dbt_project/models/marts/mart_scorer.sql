-- One row per channel: by what its texts are scored, and how well that agrees with the channel's labels.
with scorers as (

    select * from {{ source('ml', 'scorers') }}
    where is_in_force

),

described as (

    select
        source,
        question,
        language,
        basis,
        why,
        cast(n_labels as bigint) as n_labels,
        -- where there are too few labels to say, Python writes NaN
        nullif(auc, 'nan') as auc,
        nullif(lexicon_auc, 'nan') as lexicon_auc,
        nullif(gain, 'nan') as auc_gain,
        nullif(gain_se, 'nan') as auc_gain_se,
        nullif(balanced_accuracy, 'nan') as balanced_accuracy,
        nullif(lexicon_balanced_accuracy, 'nan') as lexicon_balanced_accuracy,
        nullif(calibration_error, 'nan') as calibration_error
    from scorers

)

select * from described
