using System.Text;

namespace Supervisor.Ctl.Shell;

/// <summary>Typed lines, oldest first; a repeated line is kept once. The file is plain lines, as GNU readline writes it (CTL-023).</summary>
internal sealed class History
{
    private readonly List<string> lines = [];

    public IReadOnlyList<string> Lines => lines;

    public void Add(string line)
    {
        if (line.Length > 0 && (lines.Count == 0 || lines[^1] != line))
        {
            lines.Add(line);
        }
    }

    /// <summary>A history that cannot be read is an empty one.</summary>
    public void Load(string path)
    {
        try
        {
            lines.AddRange(File.ReadAllLines(path).Where(l => l.Length > 0));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Usually the first use; the reference ignores it too.
        }
    }

    /// <summary>A history that cannot be kept must not spoil the end of a session.</summary>
    public void Save(string path)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var writer = new StreamWriter(path, new UTF8Encoding(false), options);
            foreach (var line in lines)
            {
                writer.Write(line + "\n");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As on reading.
        }
    }
}
