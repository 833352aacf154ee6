using System.Text;
using ILGpuMobileNet.Host.Bulk;

namespace ILGpuMobileNet.Host.Tests.Bulk;

public sealed class CsvFieldsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("", "")]
    [InlineData("a,b", "c\"d", "\"", "\"\"", "e\nf", "g\r\nh", " i ", "é漢🐈", "")]
    [InlineData("\"quoted\"", ",", "\n")]
    public void Fields_come_back_as_they_were(params string[] fields) =>
        Assert.Equal(fields, CsvFields.Split(CsvFields.Join(fields)));

    [Fact]
    public void Only_what_must_be_is_quoted() =>
        Assert.Equal(
            "plain, spaced ,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\"",
            Encoding.UTF8.GetString(CsvFields.Join(["plain", " spaced ", "a,b", "say \"x\"", "two\nlines"]))
        );

    [Theory]
    [InlineData("a\"b")]
    [InlineData("\"a")]
    [InlineData("\"a\"b,c")]
    [InlineData("a\rb")]
    [InlineData("\"a\"\"")]
    public void What_is_quoted_otherwise_is_refused(string record) =>
        Assert.Null(CsvFields.Split(Encoding.UTF8.GetBytes(record)));
}
