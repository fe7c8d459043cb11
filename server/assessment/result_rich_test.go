package assessment_test

// richScheme has every method, cap and limit.
const richScheme = `
id: shandong-rich-2017
title: {zh: 政务公开年度考核方案, en: Yearly assessment of openness}
year: 2017
region: "370000"
basis: {zh: 六(六), en: Clause 6(6)}
appeal_days: 5
classes:
  - {id: A, title: {zh: 各市, en: Cities}, maximum: "100"}
  - {id: B, title: {zh: 省直部门, en: Departments}, maximum: "95"}
limits:
  - {id: all-deductions, title: {zh: 通报扣分, en: All deductions}, most: "12"}
  - {id: criticism, title: {zh: 批评扣分, en: Criticism}, most: "8", within: all-deductions}
  - {id: praise-limit, title: {zh: 加分, en: Bonuses}, most: "4"}
indicators:
  - id: organisation
    title: {zh: 组织领导, en: Organisation}
    clause: 六(一)
    counts: {zh: 组织领导情况, en: How openness is led}
    children:
      - id: plan
        title: {zh: 实施方案公布, en: Plan published}
        clause: 最后一段
        counts: {zh: 按期公布得满分, en: In full when published in time}
        method: auto
        points: "10"
        obligations: [sd2017.plan, sd2017.random-inspection-list]
        late_share: "0.5"
      - id: staff
        title: {zh: 人员配备, en: Staff}
        clause: 六(一)
        counts: {zh: 酌情赋分, en: By judgement}
        method: award
        points: "12"
      - id: training-errors
        title: {zh: 培训不到位扣分, en: Gaps in training}
        clause: 六(五)
        counts: {zh: 每处扣2分, en: Two points each}
        method: deduct
        points: "3"
        cap: parent
  - id: disclosure
    title: {zh: 主动公开, en: Disclosure}
    clause: 二
    counts: {zh: 主动公开情况, en: What is disclosed}
    children:
      - id: fields
        title: {zh: 重点领域, en: Key fields}
        clause: 二(一)
        counts: {zh: 重点领域公开, en: Key fields}
        children:
          - id: errors
            title: {zh: 错漏信息扣分, en: Errors}
            clause: 二
            counts: {zh: 每处扣1分, en: One point each}
            method: deduct
            points: "15"
            cap: own
          - id: data
            title: {zh: 数据开放, en: Open data}
            clause: 二
            counts: {zh: 酌情赋分, en: By judgement}
            method: award
            points: "15"
      - id: dead-links
        title: {zh: 网站不能访问扣分, en: Dead sites}
        clause: 二
        counts: {zh: 每次扣3分, en: Three points each}
        method: deduct
        points: "5"
        cap: none
  - id: daily
    title: {zh: 日常与年终综合, en: Daily and year-end}
    clause: 六(六)
    counts: {zh: 日常占四成, en: "Daily 40 %, year-end 60 %"}
    method: composite
    points: "40"
    sources:
      - id: daily-work
        title: {zh: 日常监测, en: Daily monitoring}
        clause: 六(六)
        counts: {zh: 日常监测, en: Daily monitoring}
        method: award
        weight: "0.4"
      - id: year-end
        title: {zh: 年终考评, en: Year-end}
        clause: 六(六)
        counts: {zh: 年终考评, en: Year-end}
        weight: "0.6"
        children:
          - id: reading
            title: {zh: 政策解读, en: Interpretation}
            clause: 三
            counts: {zh: 酌情赋分, en: By judgement}
            method: award
            points: "25"
          - id: response
            title: {zh: 回应关切, en: Response}
            clause: 四
            counts: {zh: 酌情赋分, en: By judgement}
            method: award
            points: "15"
  - id: reprimand
    title: {zh: 通报批评, en: Reprimand}
    clause: 六(六)
    counts: {zh: 每次扣4分, en: Four points each}
    method: deduct
    points: "0"
    cap: criticism
  - id: complaint
    title: {zh: 群众投诉, en: Complaints}
    clause: 六(六)
    counts: {zh: 每件扣3分, en: Three points each}
    method: deduct
    points: "0"
    cap: all-deductions
  - id: praise
    title: {zh: 表彰, en: Praise}
    clause: 六(六)
    counts: {zh: 受表彰加分, en: Praise adds points}
    method: bonus
    points: "3"
    cap: praise-limit
  - id: pilot
    title: {zh: 试点经验, en: Pilots}
    clause: 六(六)
    counts: {zh: 试点加分, en: Pilots add points}
    method: bonus
    points: "3"
    cap: praise-limit
  - id: leak
    title: {zh: 泄密, en: Leak}
    clause: 六(六)
    counts: {zh: 发生泄密的不得评为合格以上等次, en: No better grade after a leak}
    method: veto
    grade: fail
grades:
  - {id: excellent, title: {zh: 优秀, en: Excellent}, from: "90"}
  - {id: good, title: {zh: 良好, en: Good}, from: "70"}
  - {id: pass, title: {zh: 合格, en: Pass}, from: "60"}
  - {id: fail, title: {zh: 不合格, en: Fail}, from: "0"}
`
