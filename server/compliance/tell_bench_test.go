package compliance_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"text/tabwriter"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// The benchmarks print what it costs a bulk acceptance that units are told of it: rounds
// of units with a reporter of their own and rounds of units whose people are nobody, in
// turn.

func BenchmarkTellSQLite(b *testing.B)  { benchmarkTelling(b, storetest.SQLite(b)) }
func BenchmarkTellMariaDB(b *testing.B) { benchmarkTelling(b, storetest.MySQL(b)) }

func benchmarkTelling(b *testing.B, s *store.Store) {
	const rounds, each = 6, 50
	p := newBenchProvince(b, s, 6_000)
	duties := p.openDuties(b, 2*rounds*each)
	statements := countStatements(b, s)
	var silent, told timings
	var inSilent, inTold int
	for round := range rounds {
		for i, cost := range []*timings{&silent, &told} {
			chosen := duties[(2*round+i)*each:][:each]
			if cost == &told {
				p.employ(b, chosen)
			}
			choices := p.fileAll(b, chosen)
			statements()
			cost.time(func() { p.acceptAll(b, choices) })
			*[]*int{&inSilent, &inTold}[i] = statements() / each
		}
	}
	fmt.Printf("\n%s: %d reports accepted at once\n", s.Dialect(), each)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "units\tstatements a report\tp50\tof all\t\nwith nobody to tell\t%d\t%v\t1.00\t\nwith a reporter\t%d\t%v\t%.2f\t\n", inSilent, short(silent.at(0.5)), inTold, short(told.at(0.5)),
		float64(told.mean())/float64(silent.mean()))
	table.Flush()
	b.ReportMetric(float64(told.mean())/float64(silent.mean()), "told/silent")
	b.ReportMetric(0, "ns/op")
}

// employ gives each of the duties' units a reporter.
func (p *benchProvince) employ(b *testing.B, duties []uint64) {
	b.Helper()
	err := p.store.Write(b.Context(), func(tx *gorm.DB) error {
		for _, id := range duties {
			var duty models.Duty
			if err := tx.Take(&duty, id).Error; err != nil {
				return err
			}
			user := models.User{Login: "reporter" + strconv.FormatUint(id, 10), Name: "reporter", CreatedAt: benchNow}
			if err := tx.Create(&user).Error; err != nil {
				return err
			}
			if err := tx.Create(&models.Grant{UserID: user.ID, UnitID: duty.UnitID, Role: models.Reporter}).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

func (p *benchProvince) fileAll(b *testing.B, duties []uint64) []compliance.Choice {
	b.Helper()
	choices := make([]compliance.Choice, len(duties))
	for i, duty := range duties {
		filing := rules.Filing{On: p.ledger.Today(), Title: "目录", URL: "https://www.example.cn/directory", LateReason: "审签较晚"}
		filed, err := p.ledger.File(b.Context(), p.reporter, duty, compliance.Submission{Filing: filing})
		if err != nil {
			b.Fatal(err)
		}
		choices[i] = compliance.Choice{Report: filed.ID, Version: filed.Version}
	}
	return choices
}

func (p *benchProvince) acceptAll(b *testing.B, choices []compliance.Choice) {
	b.Helper()
	accepted, err := p.ledger.VerifyMany(b.Context(), p.officer, choices)
	if err != nil {
		b.Fatal(err)
	}
	for _, one := range accepted {
		if one.Refusal != nil {
			b.Fatal(one.Refusal)
		}
	}
}
