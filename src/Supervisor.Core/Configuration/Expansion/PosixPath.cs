namespace Supervisor.Core.Configuration.Expansion;

/// <summary>Python's <c>os.path</c> on texts: no file is looked at.</summary>
public static class PosixPath
{
    /// <summary><c>dirname</c>.</summary>
    public static string Parent(string path)
    {
        var slash = path.LastIndexOf('/') + 1;
        var head = path[..slash];
        var trimmed = head.TrimEnd('/');
        return trimmed.Length == 0 ? head : trimmed;
    }

    /// <summary><c>basename</c>.</summary>
    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary><c>join</c> of two.</summary>
    public static string Join(string a, string b) =>
        b.StartsWith('/') || a.Length == 0 ? b : a.EndsWith('/') ? a + b : a + "/" + b;

    /// <summary><c>abspath</c> against the given directory.</summary>
    public static string Absolute(string path, string workingDirectory) => Normalize(Join(workingDirectory, path));

    /// <summary><c>normpath</c>: no empty, <c>.</c> or <c>..</c> parts; exactly two leading slashes stay two.</summary>
    public static string Normalize(string path)
    {
        if (path.Length == 0)
        {
            return ".";
        }

        var root = path[0] != '/' ? "" : path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("///", StringComparison.Ordinal) ? "//" : "/";
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part is "" or ".")
            {
                continue;
            }

            if (part != ".." || (root.Length == 0 && parts.Count == 0) || (parts.Count > 0 && parts[^1] == ".."))
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        var result = root + string.Join('/', parts);
        return result.Length == 0 ? "." : result;
    }
}
