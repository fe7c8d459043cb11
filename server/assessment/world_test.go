package assessment_test

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/seeds"
	"sundial/server/assessment"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/organization"
	"sundial/server/rules"
	"sundial/server/store"
)

// Units of the tests: Shandong with the cities (class A) and departments (class B) that
// ship with the program.
const (
	shandong = "370000"
	jinan    = "370100"
	qingdao  = "370200"
)

// plainScheme has one indicator of each kind for class A, and fewer for class B: 100
// points each, and up to 5 on top.
const plainScheme = `
id: shandong-test-2017
title: {zh: 测试方案, en: Test scheme}
year: 2017
region: "370000"
basis: {zh: 六(六), en: Clause 6(6)}
appeal_days: 5
classes:
  - {id: A, title: {zh: 各市, en: Cities}, maximum: "100"}
  - {id: B, title: {zh: 省直部门, en: Departments}, maximum: "95"}
indicators:
  - id: organisation
    title: {zh: 组织领导, en: Organisation}
    clause: 六(一)
    counts: {zh: 组织领导情况, en: How openness is led}
    children:
      - id: plan
        title: {zh: 方案公布, en: Plan published}
        clause: 最后一段
        counts: {zh: 按期公布得满分, en: In full when published in time}
        method: auto
        points: "20"
        obligations: [sd2017.plan]
        late_share: "0.5"
      - id: staff
        title: {zh: 人员配备, en: Staff}
        clause: 六(一)
        counts: {zh: 酌情赋分, en: By judgement}
        method: award
        points: "20"
  - id: disclosure
    title: {zh: 信息公开, en: Disclosure}
    clause: 二
    counts: {zh: 信息公开情况, en: What is disclosed}
    children:
      - id: errors
        title: {zh: 错漏扣分, en: Errors}
        clause: 二
        counts: {zh: 每处扣1分, en: One point each}
        method: deduct
        points: "30"
        cap: own
      - id: data
        title: {zh: 数据开放, en: Open data}
        clause: 二
        counts: {zh: 酌情赋分, en: By judgement}
        method: award
        points: "30"
  - id: praise
    title: {zh: 表彰加分, en: Praise}
    clause: 六(六)
    counts: {zh: 受表彰加分, en: Praise adds points}
    method: bonus
    points: "5"
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

// world is a desk over the real units, packs and notices, with a clock that the test
// sets.
type world struct {
	*testing.T
	*assessment.Desk
	ledger *compliance.Ledger
	store  *store.Store
	clock  atomic.Int64
	table  *rbac.Table
	users  map[string]uint64
}

// newWorld has all units and policies of the seeds; nothing is activated. It is
// 2017-12-01.
func newWorld(t *testing.T, s *store.Store) *world {
	t.Helper()
	w := &world{T: t, store: s, users: map[string]uint64{}}
	w.at("2017-12-01")
	now := func() time.Time { return time.UnixMilli(w.clock.Load()) }
	var err error
	if w.table, err = rbac.Load(); err != nil {
		t.Fatal(err)
	}
	cal, err := seeds.Calendar()
	w.must(err)
	directory, err := organization.New(s, w.table, now)
	w.must(err)
	w.ledger = compliance.New(s, cal, now)
	w.Desk = assessment.New(s, w.ledger, now)
	w.must(seeds.Load(t.Context(), s, directory, w.ledger))
	return w
}

// at sets the clock to a day at noon, or to an instant in Shanghai.
func (w *world) at(text string) *world {
	w.Helper()
	if len(text) == len(calendar.DateLayout) {
		text += " 12:00"
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, rules.Shanghai)
	w.must(err)
	w.clock.Store(at.UnixMilli())
	return w
}

func day(text string) calendar.Date { return calendar.MustParseDate(text) }

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// activated activates a policy of the seeds for the years.
func (w *world) activated(policy string, years ...int) *world {
	w.Helper()
	for _, year := range years {
		_, err := w.ledger.Activate(w.Context(), w.actor(shandong, models.Administrator), policy, year)
		w.must(err)
	}
	return w
}

// unit returns the unit with the code.
func (w *world) unit(code string) models.Unit {
	w.Helper()
	var unit models.Unit
	w.must(w.store.Read(w.Context()).Where("code = ?", code).Take(&unit).Error)
	return unit
}

// actor returns somebody with the roles over the unit's subtree; the same one for the
// same roles and unit.
func (w *world) actor(code string, roles ...models.Role) compliance.Actor {
	w.Helper()
	unit := w.unit(code)
	var grants []rbac.Grant
	name := code
	for _, role := range roles {
		grants = append(grants, rbac.Grant{Role: role, Path: unit.Path, Unit: unit.Name})
		name += "-" + string(role)
	}
	if w.users[name] == 0 {
		user := models.User{Login: strings.ToLower(name), Name: name, CreatedAt: store.Instant(time.UnixMilli(w.clock.Load()))}
		w.must(w.store.Write(w.Context(), func(tx *gorm.DB) error { return tx.Create(&user).Error }))
		w.users[name] = user.ID
	}
	return compliance.Actor{ID: w.users[name], Name: name, Access: w.table.Access(grants...)}
}

func (w *world) supervisor(code string) compliance.Actor {
	w.Helper()
	return w.actor(code, models.Supervisor)
}
func (w *world) reporter(code string) compliance.Actor {
	w.Helper()
	return w.actor(code, models.Reporter)
}
func (w *world) assessor(code string) compliance.Actor {
	w.Helper()
	return w.actor(code, models.Assessor)
}

// scheme adds and freezes a scheme of Shandong.
func (w *world) scheme(source string) models.ScoringScheme {
	w.Helper()
	row, err := w.AddScheme(w.Context(), w.supervisor(shandong), []byte(source))
	w.must(err)
	w.must(w.FreezeScheme(w.Context(), w.supervisor(shandong), row.ID, row.Version))
	w.must(w.store.Read(w.Context()).Take(row, row.ID).Error)
	return *row
}

// round opens a round of a scheme of Shandong, with self scores until 2017-12-31.
func (w *world) round(source string) models.Round {
	w.Helper()
	round, err := w.OpenRound(w.Context(), w.supervisor(shandong), assessment.RoundInput{Scheme: w.scheme(source).ID, Title: "2017年度考核", SelfUntil: day("2017-12-31")})
	w.must(err)
	return *round
}

// sheet returns the sheet of the unit in the round.
func (w *world) sheet(round models.Round, code string) models.Sheet {
	w.Helper()
	var sheet models.Sheet
	w.must(w.store.Read(w.Context()).Where("round_id = ? AND unit_id = ?", round.ID, w.unit(code).ID).Take(&sheet).Error)
	return sheet
}

// wantCode fails unless err is a models.Error of the code with the key, or with a field of
// that key.
func (w *world) wantCode(err error, code models.Code, key string) {
	w.Helper()
	var refusal *models.Error
	if !errors.As(err, &refusal) || refusal.Code != code {
		w.Fatalf("got %v, want %s %s", err, code, key)
	}
	if refusal.Key == key {
		return
	}
	for _, field := range refusal.Fields {
		if field.Key == key {
			return
		}
	}
	w.Fatalf("got %v, want %s", err, key)
}
