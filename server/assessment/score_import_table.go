package assessment

import (
	"sundial/models"
	"sundial/server/exchange"
)

// Columns of a file of scores.
const (
	scoreUnit      = "unit_code"
	scoreUnitName  = "unit"
	scoreIndicator = "indicator"
	scoreTitle     = "title"
	scoreMethod    = "method"
	scoreFull      = "full"
	scorePoints    = "points"
	scoreNA        = "na"
	scoreRaised    = "raised"
	scoreReason    = "reason"
	scoreURL       = "url"
)

// scoreColumns say whose mark of which indicator a row is. The titles are there for
// people; where they are given they must be the right ones, so that a column that was
// sorted alone is found out.
var scoreColumns = []exchange.Column{
	{Key: scoreUnit, Heading: exchange.Text{ZH: "单位代码", EN: "Unit code"}, Also: []string{"单位编码", "机构代码", "行政区划代码"},
		Required: true, Width: 14, Hint: "scores.hint.unit", Example: "370100"},
	{Key: scoreUnitName, Heading: exchange.Text{ZH: "单位", EN: "Unit"}, Also: []string{"单位名称", "被考核单位"}, Width: 22, Hint: "scores.hint.name", Example: "济南市"},
	{Key: scoreIndicator, Heading: exchange.Text{ZH: "指标编号", EN: "Indicator code"}, Also: []string{"指标代码"},
		Required: true, Width: 18, Hint: "scores.hint.indicator", Example: "data-open"},
	{Key: scoreTitle, Heading: exchange.Text{ZH: "指标", EN: "Indicator"}, Also: []string{"指标名称", "考核指标"}, Width: 30, Hint: "scores.hint.title", Example: "数据开放"},
	{Key: scoreMethod, Heading: exchange.Text{ZH: "计分方法", EN: "Method"}, Width: 12, Hint: "scores.hint.method"},
	{Key: scoreFull, Heading: exchange.Text{ZH: "满分", EN: "Full points"}, Also: []string{"分值"}, Width: 10, Hint: "scores.hint.full"},
	{Key: scorePoints, Heading: exchange.Text{ZH: "得分/扣分", EN: "Points"}, Also: []string{"得分", "扣分", "分数", "自评得分", "考评得分"},
		Kind: exchange.KindDecimal, Hint: "scores.hint.points", Example: "12.5"},
	{Key: scoreNA, Heading: exchange.Text{ZH: "不适用", EN: "Not applicable"}, Also: []string{"是否不适用"}, Kind: exchange.KindYesNo, Hint: "scores.hint.na",
		Words: []exchange.Word{{Value: exchange.Yes, Text: exchange.Text{ZH: "是", EN: "Yes"}, Also: []string{"不适用"}}}},
}

// officeTable is what assessors fill in, selfTable what units do.
var (
	officeTable = exchange.Table{Name: exchange.Text{ZH: "考评得分", EN: "Verified scores"}, Columns: append(scoreColumns[:len(scoreColumns):len(scoreColumns)],
		exchange.Column{Key: scoreRaised, Heading: exchange.Text{ZH: "一票否决", EN: "Veto raised"}, Also: []string{"否决"}, Kind: exchange.KindYesNo, Hint: "scores.hint.raised"},
		exchange.Column{Key: scoreReason, Heading: exchange.Text{ZH: "失分原因", EN: "Reason"}, Also: []string{"扣分原因", "原因", "理由"}, Width: 48, Hint: "scores.hint.reason", Example: "2个栏目超过3个月未更新"})}
	selfTable = exchange.Table{Name: exchange.Text{ZH: "自评得分", EN: "Self scores"}, Columns: append(scoreColumns[:len(scoreColumns):len(scoreColumns)],
		exchange.Column{Key: scoreReason, Heading: exchange.Text{ZH: "自评说明", EN: "Note"}, Also: []string{"说明", "备注"}, Width: 48, Hint: "scores.hint.note"},
		exchange.Column{Key: scoreURL, Heading: exchange.Text{ZH: "佐证链接", EN: "Link"}, Also: []string{"链接", "网址"}, Width: 36, Hint: "scores.hint.url"})}
)

// scoreTable returns the table of a side.
func scoreTable(side models.ScoreSide) exchange.Table {
	if side == models.SelfSide {
		return selfTable
	}
	return officeTable
}

// scoreColumn is the column of a field of a mark.
func scoreColumn(field models.Field) string {
	switch {
	case field.Name == "raised", field.Key == "scoring.raised_elsewhere":
		return scoreRaised
	case field.Key == "scoring.na_of_veto", field.Key == "scoring.na_and_points":
		return scoreNA
	case field.Name == "indicator":
		return scoreIndicator
	case field.Name == "reason", field.Name == "note":
		return scoreReason
	case field.Name == "url":
		return scoreURL
	}
	return scorePoints
}
