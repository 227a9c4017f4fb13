using System.Text;
using Supervisor.Core.Configuration.Expansion;

namespace Supervisor.Ctl.Output;

/// <summary>Names side by side, column by column, in as few rows as the width allows: the layout of Python's <c>cmd</c> (CTL-024).</summary>
internal static class Columns
{
    public static string Format(IReadOnlyList<string> items, int displayWidth)
    {
        for (var rows = 1; rows < items.Count; rows++)
        {
            var widths = Widths(items, rows);
            if (widths.Sum() + (2 * (widths.Count - 1)) <= displayWidth)
            {
                return Render(items, rows, widths);
            }
        }

        return Render(items, items.Count, items.Count == 0 ? [] : [0]);
    }

    private static List<int> Widths(IReadOnlyList<string> items, int rows)
    {
        var widths = new List<int>();
        for (var start = 0; start < items.Count; start += rows)
        {
            widths.Add(items.Skip(start).Take(rows).Max(item => PythonText.Length(item)));
        }

        return widths;
    }

    private static string Render(IReadOnlyList<string> items, int rows, List<int> widths)
    {
        var result = new StringBuilder();
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; row + (column * rows) < items.Count; column++)
            {
                result.Append(column > 0 ? "  " : "").Append(PythonText.PadRight(items[row + (column * rows)], widths[column]));
            }

            result.Append('\n');
        }

        return result.ToString();
    }
}
