using Spectre.Console;

namespace ILGpuMobileNet.Cli.Reports;

/// <summary>Tables for people.</summary>
internal static class TextTable
{
    /// <summary>Columns where the output is no terminal whose width is known.</summary>
    private const int FileWidth = 160;

    /// <summary>An empty table; a heading that starts with <c>#</c> is a right-aligned column of numbers.</summary>
    /// <param name="headings">The headings.</param>
    public static Table Create(params string[] headings)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var heading in headings)
        {
            var column = new TableColumn(Markup.Escape(heading.TrimStart('#')));
            table.AddColumn(heading.StartsWith('#') ? column.RightAligned() : column);
        }
        return table;
    }

    /// <summary>Adds a row of plain text.</summary>
    /// <param name="table">The table.</param>
    /// <param name="cells">One text for each column.</param>
    public static void Add(this Table table, params string[] cells) =>
        table.AddRow([.. cells.Select(cell => new Text(cell))]);

    /// <summary>Writes a table.</summary>
    /// <param name="output">Receives it.</param>
    /// <param name="table">The table.</param>
    public static void Write(TextWriter output, Table table)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!ReferenceEquals(output, Console.Out) || Console.IsOutputRedirected)
        {
            console.Profile.Width = FileWidth;
        }
        console.Write(table);
    }
}
