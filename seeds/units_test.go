package seeds

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"sundial/server/calendar"
)

const unitHeading = "code,name,name_en,kind,class,parent,opened_on,closed_on\n"
const unitRoot = unitHeading + "410000,河南省,Henan Province,province,,,2000-01-01,\n"

func TestFaultyUnitFilesNameFileLineAndColumn(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"other columns", "code,name\n", "units/x.csv:1:"},
		{"column too few", unitHeading + "410000,河南省,Henan Province,province,,,2000-01-01\n", "units/x.csv:2:1: wrong number of fields"},
		{"short code", unitHeading + "41,河南省,Henan Province,province,,,2000-01-01,\n", "units/x.csv:2: code: "},
		{"code twice", unitRoot + "410000,河南省,Henan Province,province,,,2000-01-01,\n", "units/x.csv:3: code: 410000 is there already"},
		{"no name", unitHeading + "410000,,Henan Province,province,,,2000-01-01,\n", "units/x.csv:2: name: "},
		{"no English name", unitHeading + "410000,河南省,,province,,,2000-01-01,\n", "units/x.csv:2: name_en: "},
		{"unknown kind", unitRoot + "410100,郑州市,Zhengzhou,town,A,410000,2000-01-01,\n", "units/x.csv:3: kind: "},
		{"class of another kind", unitRoot + "410100,郑州市,Zhengzhou,city,B,410000,2000-01-01,\n", "units/x.csv:3: class: "},
		{"class on a root", unitHeading + "410000,河南省,Henan Province,province,A,,2000-01-01,\n", "units/x.csv:2: class: "},
		{"child before parent", unitRoot + "410102,中原区,Zhongyuan District,county,A,410100,2000-01-01,\n", "units/x.csv:3: parent: "},
		{"department of another region", unitRoot + "410100-czj,郑州市财政局,Zhengzhou Finance Bureau,department,B,410000,2000-01-01,\n", "units/x.csv:3: parent: "},
		{"opening not a date", unitRoot + "410100,郑州市,Zhengzhou,city,A,410000,1954,\n", "units/x.csv:3: opened_on: "},
		{"no opening", unitRoot + "410100,郑州市,Zhengzhou,city,A,410000,,\n", "units/x.csv:3: opened_on: "},
		{"closed before it opened", unitRoot + "410100,郑州市,Zhengzhou,city,A,410000,2000-01-01,1999-01-01\n", "units/x.csv:3: closed_on: "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := loadUnits(fstest.MapFS{"units/x.csv": {Data: []byte(test.text)}})
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("error = %v, want %s…", err, test.want)
			}
		})
	}
}

func TestUnitsHaveTheRegionsOfThePolicies(t *testing.T) {
	units, err := Units()
	if err != nil {
		t.Fatal(err)
	}
	children := map[string]int{}
	byCode := map[string]Unit{}
	for _, u := range units {
		byCode[u.Code] = u
		children[u.Parent+" "+u.Kind]++
	}
	for _, id := range policyIDs {
		if region := mustPolicy(t, id).Region; byCode[region].Code == "" || byCode[region].Parent != "" {
			t.Errorf("%s: its region %s is not a root", id, region)
		}
	}
	want := map[string]int{"210000 city": 14, "320000 city": 13, "370000 city": 17, "620100 county": 8}
	for of, n := range want {
		if children[of] != n {
			t.Errorf("%s: %d, want %d", of, children[of], n)
		}
	}
	laiwu := Unit{Code: "371200", Name: "莱芜市", NameEN: "Laiwu", Kind: "city", Class: "A", Parent: "370000",
		OpenedOn: calendar.MustParseDate("2000-01-01"), ClosedOn: calendar.MustParseDate("2019-01-01")}
	if diff := cmp.Diff(laiwu, byCode["371200"]); diff != "" {
		t.Errorf("Laiwu (-want +got):\n%s", diff)
	}
}
